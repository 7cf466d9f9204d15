from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from resellers.exports.sources import Source
    from resellers.models import ExportFile


class DashboardConfig(AppConfig):
    name = "dashboard"

    def ready(self) -> None:
        """Listen to log-ins from the first one on, whichever page has been read by then, and say
        how the files are read that workers make of lists."""
        from dashboard.frame import reauthentication, sign_in_trail  # noqa: F401
        from resellers import exports

        exports.use(_source_of)


def _source_of(export: "ExportFile") -> "AbstractContextManager[Source]":
    # Read with the first file: all lists come along, which hardly any process ever needs.
    from dashboard.lists.background import source_of

    return source_of(export)
