"""What stands around every page: the menu with its counts, the mirror's state, the banners."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from resellers import connection, policy
from resellers.durations import on, span
from resellers.mirror import figures
from resellers.mirror.sync.schedule import SCHEDULE
from resellers.models import Figures, Policy, SyncRun
from resellers.operations.preflight import Preflight

from . import health
from .referrer import page_before

# The figures of what of the operations somebody has to look at.
NEED_A_PERSON = ("attention", "amiss", "drifted")
# Two periods without a reading of what changed, and what stands here may have changed at Wix.
BEHIND_AFTER = 2 * SCHEDULE[SyncRun.Kind.INCREMENTAL].period


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the menu."""

    label: str
    path: str
    count: int | None = None
    urgent: bool = False
    current: str = ""
    oldest: str = ""  # how long the oldest of them has been so


class Frame:
    """Read when a page draws it, so that parts of pages cost nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._path = _path_of_page(request)
        self._user = getattr(request, "user", None)

    @cached_property
    def figures(self) -> Figures:
        return figures.read()

    @cached_property
    def policy(self) -> Policy:
        return policy.current()

    @cached_property
    def preflight(self) -> Preflight:
        """What this person may do now, for every control of the page."""
        return Preflight(self._user or AnonymousUser(), policy_row=self.policy)

    @property
    def is_practice(self) -> bool:
        return connection.is_practice()

    @property
    def zone(self) -> str:
        return timezone.get_current_timezone_name()

    @property
    def menu(self) -> list[tuple[str, list[MenuEntry]]]:
        counts = self.figures.counts
        failed, open_ = counts.get("failed"), counts.get("operations_open")
        return [
            (
                "",
                [
                    self._entry("Overview", "overview"),
                    self._entry("Failures", "failure_list", failed or None, urgent=bool(failed)),
                    self._entry(
                        "Operations",
                        "operation_list",
                        open_ or None,
                        urgent=any(counts.get(f"operations_{why}") for why in NEED_A_PERSON),
                        # A figure leads to its rows; without one, to the whole list.
                        query={"state": "open"} if open_ else None,
                    ),
                ],
            ),
            (
                "Browse",
                [
                    self._entry("Accounts", "account_list", counts.get("accounts")),
                    self._entry("Packages", "package_list", counts.get("packages")),
                    self._entry("Instances", "instance_list", counts.get("instances")),
                    self._floating,
                    self._entry("Sites", "site_list", counts.get("sites")),
                    self._entry("Catalogue", "product_list", counts.get("catalog")),
                ],
            ),
            ("Work", [self._entry("Reports", "report_list")]),
            (
                "System",
                [self._entry("Mirror", "mirror_list"), *self._for_managers, *self._for_admins],
            ),
        ]

    @property
    def _floating(self) -> MenuEntry:
        """A view of the instances, not a place of its own: so it is never the current one."""
        counts, oldest = self.figures.counts, ""
        if since := counts.get("floating_since"):
            oldest = span(timezone.now() - datetime.fromisoformat(since))
        path = reverse("instance_list", query={"floating": "1"})
        return MenuEntry("Floating", path, counts.get("floating"), oldest=oldest)

    @property
    def _for_managers(self) -> list[MenuEntry]:
        may = self._user is not None and self._user.has_perm("resellers.approve")
        return [self._entry("Audit", "audit_list")] if may else []

    @property
    def _for_admins(self) -> list[MenuEntry]:
        may = self._user is not None and self._user.has_perm("resellers.administer")
        entries = [self._entry("Policy", "policy_page"), self._entry("Doctor", "doctor_page")]
        return entries if may else []

    def _entry(
        self,
        label: str,
        url_name: str,
        count: int | None = None,
        *,
        urgent: bool = False,
        query: dict[str, str] | None = None,
    ) -> MenuEntry:
        place = reverse(url_name)
        within = url_name != "overview" and self._path.startswith(place)
        current = "page" if self._path == place else "true" if within else ""
        path = reverse(url_name, query=query)
        return MenuEntry(label, path, count, urgent=urgent, current=current)

    @property
    def mirror(self) -> dict[str, str]:
        """The mirror's state as a tone and words, and briefly while nothing is wrong with it."""
        whole = self.figures.mirror_whole_at
        if whole is None:
            return {"tone": "look", "words": "Never read in full"}
        past = timezone.now() - whole
        if past > timedelta(seconds=settings.MIRROR["OVERDUE_SECONDS"]):
            return {"tone": "bad", "words": f"Overdue: last whole {span(past)} ago"}
        if since := self.figures.unread_since:
            return {"tone": "bad", "words": f"Wix not read for {span(timezone.now() - since)}"}
        if changed := self.figures.changes_read_at:
            behind = span(timezone.now() - changed)
            if timezone.now() - changed > BEHIND_AFTER:
                return {"tone": "look", "words": f"Behind, {behind}"}
            return {"tone": "good", "words": f"Up to date, {behind} ago", "brief": f"{behind} ago"}
        words = f"whole {span(past)} ago"
        return {"tone": "good", "words": f"Mirror {words}", "brief": words.capitalize()}

    @property
    def readings_notice(self) -> dict[str, str]:
        """What is said of failing readings, and that they are over; without a tone, nothing."""
        kept, now = self.figures, timezone.now()
        if kept.unread_since:
            since = f"since {on(kept.unread_since)}, for {span(now - kept.unread_since)}"
            words = (
                f"Wix could not be read {since}: {kept.unread_because} What stands here is as old"
                " as it says; what you confirm is recorded, and sent once Wix answers."
            )
            return {"tone": "bad", "words": words}
        if kept.read_again_at and now - kept.read_again_at < BEHIND_AFTER:
            words = f"Wix can be read again since {span(now - kept.read_again_at)}."
            return {"tone": "good", "words": words}
        return {"tone": "", "words": ""}

    @cached_property
    def health_state(self) -> health.ProcessHealth:
        """Whether worker, beat, sweep and Redis have been heard of lately."""
        return health.check()


def _path_of_page(request: HttpRequest) -> str:
    """The path of the page that is looked at; a part of one is asked for elsewhere."""
    htmx = getattr(request, "htmx", None)
    if not htmx or htmx.history_restore_request:
        return request.path
    return page_before(request)[0] or request.path


def frame_of(request: HttpRequest) -> Frame:
    """The request's frame; views share it, so that its rows are read once a request."""
    if not hasattr(request, "frame"):
        request.frame = Frame(request)  # type: ignore[attr-defined]
    found: Frame = request.frame  # type: ignore[attr-defined]
    return found


def frame(request: HttpRequest) -> dict[str, Frame]:
    """A context processor: `frame`, for the base template."""
    return {"frame": frame_of(request)}
