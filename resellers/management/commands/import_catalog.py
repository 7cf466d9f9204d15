from resellers.mirror.imports import import_catalog

from ._imports import ImportCommand


class Command(ImportCommand):
    help = "Take the product catalogue from a CSV file, all of it or nothing."
    what = "Products"
    take = staticmethod(import_catalog)
