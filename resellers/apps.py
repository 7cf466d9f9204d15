"""The domain as a Django application: what is done once, for each connection, and after migrate."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class ResellersConfig(AppConfig):
    name = "resellers"

    def ready(self) -> None:
        from resellers import unicode_like

        connection_created.connect(unicode_like.teach)
        post_migrate.connect(make_roles, sender=self)
        post_migrate.connect(lay_triggers, sender=self)


def make_roles(using: str, **_: object) -> None:
    """Give each role's group its rights and those of the roles before it."""
    from django.contrib.auth.models import Group, Permission

    from resellers.models import ROLE_PERMISSIONS

    codenames: list[str] = []
    for role, added in ROLE_PERMISSIONS.items():
        codenames += added
        group, _created = Group.objects.using(using).get_or_create(name=role)
        missing = (
            Permission.objects.using(using)
            .filter(content_type__app_label="resellers", codename__in=codenames)
            .exclude(group=group)
        )
        group.permissions.add(*missing)


def lay_triggers(using: str, **_: object) -> None:
    """Have the triggers that keep the tallies and empty fingerprints, and make up for what was
    written without them.

    Not only once: on SQLite whatever makes a table anew drops its triggers.
    """
    from django.db import connections

    from resellers import tallies
    from resellers.mirror.ingest import fingerprint_triggers
    from resellers.models import Package, Tally

    connection = connections[using]
    with connection.cursor() as cursor:
        look = connection.introspection
        tables = look.table_names(cursor)
        if Tally._meta.db_table in tables:
            tallies.lay()
        packages = Package._meta.db_table
        if packages in tables and "fingerprint" in {
            column.name for column in look.get_table_description(cursor, packages)
        }:
            fingerprint_triggers.lay()
