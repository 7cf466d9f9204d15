"""The database's clock: the only one that leases, batches and waits are measured by."""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import DateTimeField, ExpressionWrapper
from django.db.models.functions import Now


def database_now() -> datetime:
    """The time by the database, aware."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")
            return datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=UTC)
        cursor.execute("SELECT clock_timestamp()")
        answer: datetime = cursor.fetchone()[0]
        return answer


def in_seconds(seconds: float) -> ExpressionWrapper | Now:
    """The time so many seconds from now, as an expression for the database to work out.

    Before now with less than none.
    """
    if not seconds:
        # SQLite writes a sum with more digits than Now(), which as text would lie behind it.
        return Now()
    return ExpressionWrapper(Now() + timedelta(seconds=seconds), output_field=DateTimeField())
