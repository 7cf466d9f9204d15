"""What stands around every page: the menu with its counts, the mirror's state, the banners."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dashboard.components import ages
from resellers import connection, policy
from resellers.durations import on
from resellers.mirror import figures
from resellers.mirror.sync.schedule import BEHIND_AFTER
from resellers.models import Figures, Policy
from resellers.operations.preflight import Preflight

from . import health
from .referrer import page_before

# The figures of what of the operations somebody has to look at.
NEED_A_PERSON = ("attention", "amiss", "drifted")


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the menu."""

    label: str
    path: str
    count: int | None = None
    urgent: bool = False
    current: str = ""
    oldest: SafeString | str = ""  # how long the oldest of them has been so


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

    @cached_property
    def made_at(self) -> datetime:
        """When the page is made."""
        return timezone.now()

    @property
    def ages(self) -> str:
        """What the script needs to go on with the ages on the page."""
        return ages.for_script(self.made_at)

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
        counts = self.figures.counts
        since = counts.get("floating_since")
        oldest = ages.elapsed(datetime.fromisoformat(since)) if since else ""
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
    def mirror(self) -> dict[str, str | SafeString]:
        """The mirror's state as a tone and words, and briefly while nothing is wrong with it."""
        whole = self.figures.mirror_whole_at
        if whole is None:
            return {"tone": "look", "words": "Never read in full"}
        past = timezone.now() - whole
        if past > timedelta(seconds=settings.MIRROR["OVERDUE_SECONDS"]):
            words = format_html("Overdue: last whole {}", ages.age(whole))
            return {"tone": "bad", "words": words}
        if since := self.figures.unread_since:
            words = format_html("Wix not read for {}", ages.elapsed(since))
            return {"tone": "bad", "words": words}
        if changed := self.figures.changes_read_at:
            stage, past_words = ages.stage_of("mirror", changed), ages.age(changed)
            return {
                "tone": stage.tone,
                "words": format_html("<span data-before>{}</span>{}", stage.before, past_words),
                "brief": past_words if stage.tone == "good" else "",
                "staging": ages.staging("mirror", changed),
            }
        return {
            "tone": "good",
            "words": format_html("Mirror whole {}", ages.age(whole)),
            "brief": format_html("Whole {}", ages.age(whole)),
        }

    @property
    def readings_notice(self) -> dict[str, str | SafeString]:
        """What is said of failing readings, and that they are over; without a tone, nothing."""
        figures, now = self.figures, timezone.now()
        if figures.unread_since:
            words = format_html(
                "Wix could not be read since {}, for {}: {} What stands here is as old as it says;"
                " what you confirm is recorded, and sent once Wix answers.",
                on(figures.unread_since),
                ages.elapsed(figures.unread_since),
                figures.unread_because,
            )
            return {"tone": "bad", "words": words}
        if figures.read_again_at and now - figures.read_again_at < BEHIND_AFTER:
            words = format_html(
                "Wix can be read again since {}.", ages.elapsed(figures.read_again_at)
            )
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
