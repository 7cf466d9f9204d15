"""The triggers that refuse to change the audit trail: whether each stands as it was laid.

One that is of the right name and does nothing is no guard, so what each does is held against the
migrations that lay them.
"""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from django.db import connection

from resellers.audit import Break

LAID_BY = ("0002_audit_is_append_only", "0025_the_audits_head_goes_forward")
Place = tuple[str, str]  # the table and the trigger's name

_ON_SQLITE = re.compile(r"CREATE TRIGGER (?P<name>\w+) BEFORE \w+ ON (?P<table>\w+)\s.*", re.S)
# As the migrations write it and as the server does, which has the events in an order of its own.
_ON_POSTGRESQL = re.compile(
    r"CREATE TRIGGER (?P<name>\w+) BEFORE (?P<events>[A-Z]+(?: OR [A-Z]+)*)"
    r" ON (?:\w+\.)?(?P<table>\w+)\s+FOR EACH (?P<each>\w+)"
    r"\s+EXECUTE FUNCTION (?P<function>\w+)\(\)"
)
_FUNCTION = re.compile(
    r"CREATE FUNCTION (\w+)\(\) RETURNS trigger LANGUAGE plpgsql AS \$\$(.*?)\$\$", re.S
)
_STANDING = {
    "sqlite": "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'",
    # A setting of the function's own could have it look into other tables.
    "postgresql": "SELECT relname, tgname, pg_get_triggerdef(pg_trigger.oid),"
    " CASE WHEN lanname = 'plpgsql' AND proconfig IS NULL THEN prosrc END FROM pg_trigger"
    " JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid"
    " JOIN pg_language ON pg_language.oid = prolang"
    " WHERE tgenabled IN ('O', 'A') AND pg_table_is_visible(tgrelid)",
}


def laid() -> dict[Place, Any]:
    """What each of them does, as the migrations lay it on this database."""
    migrations = [import_module(f"resellers.migrations.{name}") for name in LAID_BY]
    if connection.vendor == "sqlite":
        statements = [sql for migration in migrations for sql in migration.SQLITE]
        found = [(_ON_SQLITE.fullmatch(sql), sql) for sql in statements]
        return {(match["table"], match["name"]): sql for match, sql in found if match}
    text = "".join(migration.POSTGRESQL for migration in migrations)
    bodies = dict(_FUNCTION.findall(text))
    return {
        (match["table"], match["name"]): _what_it_does(match, bodies[match["function"]])
        for match in _ON_POSTGRESQL.finditer(text)
    }


def fallen() -> Iterator[Break]:
    """Those that are missing or disabled, and those that do something else."""
    standing = _standing()
    for (table, name), wanted in sorted(laid().items()):
        if (table, name) not in standing:
            yield Break(0, f"the trigger {name} on {table} is missing or disabled")
        elif standing[table, name] != wanted:
            yield Break(0, f"the trigger {name} on {table} does not do what it was laid to do")


def _standing() -> dict[Place, Any]:
    with connection.cursor() as cursor:
        cursor.execute(_STANDING[connection.vendor])
        rows = cursor.fetchall()
    if connection.vendor == "sqlite":
        return {(table, name): sql for table, name, sql in rows}
    matches = [
        (table, name, _ON_POSTGRESQL.fullmatch(sql), body) for table, name, sql, body in rows
    ]
    return {
        (table, name): _what_it_does(match, body) if match else None
        for table, name, match, body in matches
    }


def _what_it_does(match: re.Match[str], body: str | None) -> tuple[object, ...]:
    return frozenset(match["events"].split(" OR ")), match["each"], match["function"], body
