from resellers.mirror.imports import import_customers

from ._imports import ImportCommand


class Command(ImportCommand):
    help = "Take the customers' names from a CSV file, all of it or nothing."
    what = "Customers"
    take = staticmethod(import_customers)
