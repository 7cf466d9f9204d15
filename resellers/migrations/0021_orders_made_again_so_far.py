"""The reorders that rows of before tell of: each such order was in place of one service.

That service is what its operation is about. A migration of its own: PostgreSQL makes no index while
rows that were just written wait for their constraints to be checked.
"""

from django.db import migrations


def fill(apps, schema_editor):
    operations = apps.get_model("resellers", "Operation").objects
    instances = apps.get_model("resellers", "ProductInstance").objects
    reorders = apps.get_model("resellers", "Reorder").objects
    orders = operations.filter(kind="create_package", instance__isnull=False)
    origins = {}
    for order in list(orders.select_related("instance").order_by("id")):
        lines = order.wish.get("lines", [])
        products = [line.get("product_id") for line in lines]
        meant = str(order.instance.product_id)
        line = products.index(meant) if meant in products else 0
        service = None
        if order.state == "succeeded" and order.package_id and products[line:]:
            like = instances.filter(package=order.package_id, product=products[line])
            found = [one for one in like[:2] if one.pk not in origins]
            # Of two services of one product, or two lines, nothing here says which is which.
            service = found[0] if len(found) == 1 and products.count(products[line]) == 1 else None
        origin = origins.get(order.instance_id, order.instance_id)
        reorders.create(
            operation=order, line=line, failed=order.instance, origin_id=origin, service=service
        )
        if service:
            origins[service.pk] = origin


class Migration(migrations.Migration):
    dependencies = [("resellers", "0020_what_was_ordered_again")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
