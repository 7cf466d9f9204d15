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
        post_migrate.connect(lay_tallies, sender=self)


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


def lay_tallies(using: str, **_: object) -> None:
    """Have the triggers that keep the tallies, and count what was written without them.

    Not only once: on SQLite whatever makes a table anew drops its triggers.
    """
    from django.db import connections

    from resellers import tallies
    from resellers.models import Tally

    if Tally._meta.db_table in connections[using].introspection.table_names():
        tallies.lay()
