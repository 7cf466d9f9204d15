"""The backend itself; `ENGINE` in the settings names the package, and Django this module."""

from typing import Any

from django.db.backends.postgresql import base
from psycopg import IsolationLevel

from . import silence
from .silence import WatchedConnection


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's own, but that no statement waits for a server that is frozen."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        silence.refuse_while_silent()
        if self.pool:
            return super().get_new_connection(conn_params)
        # Django's own makes connections of psycopg's class alone.
        level = self.settings_dict["OPTIONS"].get("isolation_level")
        self.isolation_level = IsolationLevel(level or IsolationLevel.READ_COMMITTED)
        with silence.noted():
            connection = WatchedConnection.connect(**conn_params)
        if level:
            connection.isolation_level = self.isolation_level
        return connection

    def is_usable(self) -> bool:
        return not silence.is_silent() and super().is_usable()
