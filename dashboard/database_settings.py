"""What is set of a database: how SQLite's writers wait, and PostgreSQL's deadlines."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from dashboard.environment import Environment


def database_settings(env: Environment, address: str) -> dict[str, Any]:
    """Django's settings of the database at that address."""
    if not address.startswith(("postgres://", "postgresql://", "sqlite:///")):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///")
    try:
        database: dict[str, Any] = env.db_url_config(address)
    except ValueError:  # what it says may repeat the password
        raise ImproperlyConfigured(
            "DATABASE_URL makes no sense: its port is no number, or its password holds a character"
            " that has to be written as %2F for / or %23 for #"
        ) from None
    if len(address.splitlines()) > 1 or address == "sqlite:///" or not database["NAME"]:
        raise ImproperlyConfigured(
            "DATABASE_URL must name one database: postgres://user:password@host/name"
            " or sqlite:////path/to/a/file"
        )
    if "sqlite" in database["ENGINE"]:
        # With Django's defaults, writers on threads meet "database is locked"; so they wait.
        return database | {
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
            }
        }
    # A frozen process must not hold its locks for ever.
    limits = (
        "-c statement_timeout=15000 -c lock_timeout=3000"
        " -c idle_in_transaction_session_timeout=15000"
    )
    return {
        "CONN_MAX_AGE": 60,
        **database,
        # The client's own deadline: see resellers.postgresql.silence.
        "ENGINE": "resellers.postgresql",
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": database.get("OPTIONS", {}) | {"connect_timeout": 2, "options": limits},
    }
