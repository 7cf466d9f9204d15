"""What stands around every page: the menu with its counts, the health, the banners."""

from datetime import datetime
from functools import cached_property
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from dashboard.components import ages
from resellers import connection, policy
from resellers.mirror import figures
from resellers.models import Figures, Policy
from resellers.operations.preflight import Preflight

from . import demo, menu_width, preferences, theme
from .first_run import FirstRun
from .health import Health
from .menu import Menu, MenuEntry
from .notifications import Bell, bell_of
from .referrer import page_before
from .script_texts import script_texts
from .view_as import viewed_as

# The right that makes a role, the highest first.
ROLES = (
    ("administer", gettext_lazy("admin")),
    ("approve", gettext_lazy("manager")),
    ("operate", gettext_lazy("operator")),
    ("view", gettext_lazy("viewer")),
)


class Frame:
    """Read when a page draws it, so that parts of pages cost nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._path = _path_of_page(request)
        self._user = getattr(request, "user", None)
        self.preferences = preferences.of(request)
        signed_in = self._user is not None and self._user.is_authenticated
        self.theme = self.preferences.theme if signed_in else theme.theme_of(request)
        self.has_rail = menu_width.has_rail(request)

    @cached_property
    def figures(self) -> Figures:
        return figures.read()

    @cached_property
    def counts(self) -> dict[str, Any]:
        """The figures' counts and how many cases are open, for pages that show counts."""
        counted: dict[str, Any] = self.figures.counts
        counted["failures"] = figures.open_cases(self.figures)
        return counted

    @cached_property
    def policy(self) -> Policy:
        return policy.current()

    @cached_property
    def preflight(self) -> Preflight:
        """What this person may do now, for every control of the page."""
        return Preflight(self._user or AnonymousUser(), policy_row=self.policy)

    @cached_property
    def first_run(self) -> FirstRun | None:
        """What is needed still before Wix was read in full once; after that None."""
        return None if self.figures.mirror_whole_at else FirstRun(self.figures, self.policy)

    @cached_property
    def bell(self) -> Bell:
        """What this person asked for and how it ended."""
        person = self._user
        known = person is not None and person.is_authenticated
        return bell_of(cast(User, person), self.preferences) if known else Bell([])

    @cached_property
    def tour(self) -> demo.Tour | None:
        """The demo's tour where this page is a stop of it."""
        return demo.tour_of(self._request, self.preflight)

    @property
    def log_ins(self) -> dict[str, str]:
        """The demo's log-ins, for its log-in page."""
        return demo.log_ins()

    @property
    def demo_password(self) -> str:
        return demo.PASSWORD

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
    def script_texts(self) -> str:
        """What the scripts say, in the language of the page."""
        return script_texts()

    @cached_property
    def menu(self) -> list[tuple[str, list[MenuEntry]]]:
        """The groups of the menu, with what waits behind each entry."""
        return Menu(self._path, self._user, self.counts, new_files=self.bell.new_files).groups

    @property
    def menu_labels(self) -> list[str]:
        """What the menu's entries are called, at no statement."""
        groups = Menu(self._path, self._user, {}).groups
        return [entry.label for _group, entries in groups for entry in entries]

    @cached_property
    def health(self) -> Health:
        """How current it all is and whether work goes on."""
        return Health(self.figures, self.policy)

    @property
    def role(self) -> str:
        """What this person may do, in a word."""
        user = self._user or AnonymousUser()
        held = (word for right, word in ROLES if user.has_perm(f"resellers.{right}"))
        return str(next(held, ""))

    @property
    def viewed_as(self) -> str:
        """The role as which an admin looks at the page; empty where nobody does."""
        role = viewed_as(self._request)
        return str(role.label) if role else ""

    @property
    def themes(self) -> list[tuple[str, str, bool]]:
        """The themes one may choose, each with its word and whether it is chosen."""
        return [(name, str(word), name == self.theme) for name, word in theme.THEMES.items()]


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
