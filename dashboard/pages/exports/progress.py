"""How far a file is, as its page and the list of files say it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboard.components import values
from resellers.models import ExportFile

TONES = {"queued": "plain", "running": "look", "ready": "good", "failed": "bad"}


@dataclass(frozen=True, slots=True)
class Progress:
    """One file, and what is said of how far it is."""

    export: ExportFile

    @property
    def is_live(self) -> bool:
        """Whether it goes on by itself."""
        return self.export.is_unfinished

    @property
    def tone(self) -> str:
        return "ended" if self._is_past else TONES.get(self.export.state, "plain")

    @property
    def state(self) -> str:
        return _("Kept no longer") if self._is_past else str(self.export.get_state_display())

    @property
    def _is_past(self) -> bool:
        return self.export.is_ready and not self.export.is_offered

    @property
    def rows(self) -> str:
        """How many rows it has, or how many of them are written."""
        export = self.export
        if export.is_ready:
            return values.counted(export.rows_written, "row", "rows")
        if export.rows_expected is None:
            return ""
        every = values.counted(export.rows_expected, "row", "rows")
        return _("%(done)s of %(every)s") % {
            "done": values.number(export.rows_written),
            "every": every,
        }
