"""What stands around every page: the menu with its counts, the mirror's state, the banners."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from resellers import connection
from resellers.mirror import figures
from resellers.models import Figures, Heartbeat, Policy

from .cells import span

MISSED = timedelta(seconds=60)  # a heartbeat comes every 15 seconds


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu."""

    label: str
    path: str
    count: int | None = None
    urgent: bool = False
    current: str = ""


class Frame:
    """Read when a page draws it, so that parts of pages cost nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._path = request.path
        self._user = getattr(request, "user", None)

    @cached_property
    def figures(self) -> Figures:
        return figures.read()

    @cached_property
    def policy(self) -> Policy:
        return connection.policy()

    @property
    def is_practice(self) -> bool:
        return connection.is_practice()

    @property
    def zone(self) -> str:
        return timezone.get_current_timezone_name()

    @property
    def menu(self) -> list[tuple[str, list[Entry]]]:
        counts = self.figures.counts
        failed = counts.get("failed")
        return [
            (
                "",
                [
                    self._entry("Overview", "/"),
                    self._entry("Failures", "/failures/", failed or None, urgent=bool(failed)),
                    self._entry(
                        "Operations",
                        "/operations/",
                        counts.get("operations_open") or None,
                        urgent=bool(counts.get("operations_attention")),
                    ),
                ],
            ),
            (
                "Browse",
                [
                    self._entry("Accounts", "/accounts/", counts.get("accounts")),
                    self._entry("Packages", "/packages/", counts.get("packages")),
                    self._entry("Instances", "/instances/", counts.get("instances")),
                    self._entry("Sites", "/sites/", counts.get("sites")),
                ],
            ),
            ("Work", [self._entry("Reports", "/reports/")]),
            ("System", [self._entry("Mirror", "/mirror/"), *self._for_admins]),
        ]

    @property
    def _for_admins(self) -> list[Entry]:
        may = self._user is not None and self._user.has_perm("resellers.administer")
        return [self._entry("Doctor", "/doctor/")] if may else []

    def _entry(
        self, label: str, path: str, count: int | None = None, *, urgent: bool = False
    ) -> Entry:
        within = self._path == path or (path != "/" and self._path.startswith(path))
        current = ("page" if self._path == path else "true") if within else ""
        return Entry(label, path, count, urgent=urgent, current=current)

    @property
    def mirror(self) -> dict[str, str]:
        """The mirror's state as a tone and words."""
        whole = self.figures.mirror_whole_at
        if whole is None:
            return {"tone": "look", "words": "Never read in full"}
        past = timezone.now() - whole
        if past > timedelta(seconds=settings.MIRROR["OVERDUE_SECONDS"]):
            return {"tone": "bad", "words": f"Overdue: last whole {span(past)} ago"}
        return {"tone": "good", "words": f"Mirror whole {span(past)} ago"}

    @property
    def processes(self) -> dict[str, str]:
        """Whether worker and beat have been heard of lately."""
        seen = {beat.role: beat.last_seen_at for beat in Heartbeat.objects.all()}
        now = timezone.now()
        silent = {
            role.label.lower(): seen.get(role)
            for role in (Heartbeat.Role.WORKER, Heartbeat.Role.BEAT)
            if role not in seen or now - seen[role] > MISSED
        }
        if not silent:
            return {"tone": "good", "words": "Worker and beat answer"}
        last = [at for at in silent.values() if at]
        since = f" for {span(now - max(last))}" if last else " yet"
        return {"tone": "look", "words": f"No sign of {' and '.join(silent)}{since}"}


def frame_of(request: HttpRequest) -> Frame:
    """The request's frame; views share it, so that its rows are read once a request."""
    if not hasattr(request, "frame"):
        request.frame = Frame(request)  # type: ignore[attr-defined]
    found: Frame = request.frame  # type: ignore[attr-defined]
    return found


def frame(request: HttpRequest) -> dict[str, Frame]:
    """A context processor: `frame`, for the base template."""
    return {"frame": frame_of(request)}
