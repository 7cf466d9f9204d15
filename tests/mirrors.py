"""A mirror that a full sync has filled from the sandbox, and its rows kept for the tests after."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

# Django is set up only after this file is read.
if TYPE_CHECKING:
    from django.db.models import Model

    from resellers.models import ProductInstance, Site, SyncRun
    from resellers.sandbox import Sandbox


LONGEST_READING = 60


@dataclass(frozen=True)
class Mirror:
    """A mirror of the sandbox's world."""

    sandbox: "Sandbox"
    run: "SyncRun"

    def movable(self) -> "tuple[ProductInstance, Site]":
        """An enabled service on a site, and another site of its account that can take it."""
        from resellers.models import InstanceStatus, ProductInstance
        from resellers.operations.plan import make_plan
        from resellers.operations.site_wishes import ReassignWish

        placed = ProductInstance.objects.filter(status=InstanceStatus.ENABLED, site__isnull=False)
        for instance in placed.select_related("product", "package", "site").order_by("id"):
            for target in instance.account.sites.exclude(pk=instance.site_id):
                if make_plan(instance, ReassignWish(target.pk)).possible:
                    return instance, target
        raise LookupError("this world has no service that could be moved")


def fill_mirror(sandbox: "Sandbox", folder: Path) -> Mirror:
    """Import the sandbox's catalogue and customers, and carry out a full sync."""
    from django.core.management import call_command

    from resellers.mirror import sync
    from resellers.models import SyncRun

    for name, command in (("catalog", "import_catalog"), ("customers", "import_customers")):
        table = folder / f"{name}.csv"
        table.write_bytes(requests.get(f"{sandbox.url}/_sandbox/{name}.csv", timeout=10).content)
        call_command(command, str(table), verbosity=0)
    run = sync.run(sync.want(SyncRun.Kind.FULL).pk)
    assert run, "another worker has the run"
    assert run.state == SyncRun.State.SUCCEEDED, run.error
    return Mirror(sandbox, run)


def read(kind: str, **about: Any) -> "SyncRun":
    """Want this reading and carry it out here, as far as it goes at once.

    One that would never end is given back, still open.
    """
    from resellers.mirror import sync

    run = sync.run(sync.want(kind, **about).pk, seconds=LONGEST_READING)
    assert run is not None, "another worker has the run"
    return run


def read_on(run: "SyncRun", *, tries: int = 40) -> "SyncRun":
    """Carry it out to its end, without the waits before it goes on."""
    from django.db.models.functions import Now

    from resellers.mirror import sync

    for _ in range(tries):
        run.refresh_from_db()
        if not run.is_open:
            return run
        type(run)._default_manager.filter(pk=run.pk).update(next_run_at=Now(), lease_until=None)
        sync.run(run.pk)
    raise AssertionError(f"{run} does not end: {run.error}")


class StoredRows:
    """The rows that one filling left, to be written again as if it had just happened.

    Worlds of one seed and size are alike on one day, and so is what a filling of each writes.
    """

    def __init__(self, fill: Callable[[], Mirror]) -> None:
        from django.utils import timezone

        began = timezone.now()
        self.first = fill()
        ended = timezone.now()
        self._ended = ended
        self._tables = [StoredTable(model, began, ended) for model in _models()]

    def write(self, sandbox: "Sandbox") -> Mirror:
        """Those rows as a mirror of that sandbox, our own dates moved up so that it ended now."""
        from django.core.management.color import no_style
        from django.db import connection, transaction
        from django.utils import timezone

        late = timezone.now() - self._ended
        tables = [table for table in self._tables if table.rows]
        with transaction.atomic(), connection.cursor() as cursor:
            for table in tables:
                table.write(cursor, late)
            models = [table.model for table in tables]
            for statement in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)
        return Mirror(sandbox, type(self.first.run)._default_manager.get(pk=self.first.run.pk))


class StoredTable:
    """A model's rows as the database takes them: the ORM's part in it is done once."""

    def __init__(self, model: "type[Model]", began: datetime, ended: datetime) -> None:
        from django.db import connection

        from resellers.models import AuditEntry, AuditHead

        self.model = model
        self._fields = model._meta.local_concrete_fields
        objects = list(model._default_manager.all())
        self.rows = [
            [
                field.get_db_prep_save(getattr(row, field.attname), connection)
                for field in self._fields
            ]
            for row in objects
        ]
        # The audit's chain holds its dates.
        chained = issubclass(model, AuditEntry | AuditHead)
        self._dates = [
            (row, column, value)
            for row, held in enumerate(objects)
            for column, field in enumerate(self._fields)
            if isinstance(value := getattr(held, field.attname), datetime)
            and began <= value <= ended
            and not chained
        ]

    def write(self, cursor: Any, late: timedelta) -> None:
        """The rows, in the place of those with their keys, their dates moved by so much."""
        from django.db import connection

        rows = [list(row) for row in self.rows]
        for row, column, value in self._dates:
            rows[row][column] = connection.ops.adapt_datetimefield_value(value + late)
        quote = connection.ops.quote_name
        names = [quote(field.column) for field in self._fields]
        key = quote(self.model._meta.pk.column)
        others = ", ".join(f"{name} = excluded.{name}" for name in names if name != key)
        cursor.executemany(
            f"INSERT INTO {quote(self.model._meta.db_table)} ({', '.join(names)})"
            f" VALUES ({', '.join(['%s'] * len(names))})"
            f" ON CONFLICT ({key}) DO UPDATE SET {others}",
            rows,
        )


def _models() -> "list[type[Model]]":
    from django.apps import apps

    from resellers.models import Tally

    models = apps.get_app_config("resellers").get_models()
    return [model for model in models if model is not Tally]  # those the database writes itself
