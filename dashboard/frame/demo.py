"""What only the demo has: log-ins that anybody may know, and a short tour.

Both are for an invented world on this machine; elsewhere there is neither.
"""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.models import InstanceStatus, ProductInstance, Role
from resellers.operations.plan import make_plan
from resellers.operations.preflight import Preflight
from resellers.operations.site_wishes import ReassignWish
from resellers.texts import Text

from . import preferences

PASSWORD = "demo"  # noqa: S105  (it opens an invented world on this machine, and says so)
# What each of them shows of the dashboard, by the username, which is the role's.
LOG_INS = {
    Role.VIEWER: gettext_lazy("sees everything, changes nothing"),
    Role.OPERATOR: gettext_lazy("moves, changes and orders services"),
    Role.MANAGER: gettext_lazy("cancels services, too"),
    Role.ADMIN: gettext_lazy("sets the dashboard up"),
}
CANDIDATES = 20  # services, and sites of each, among which one that can be moved is looked for


@dataclass(frozen=True, slots=True)
class Step:
    """One stop of the tour: what there is to see, and where it goes on; the last leads nowhere."""

    title: Text
    words: Text
    next_label: str = ""
    next_link: str = ""


@dataclass(frozen=True, slots=True)
class Tour:
    """Where the person is on it."""

    place: int
    step: Step
    stops: int = 4


def log_ins() -> dict[str, str]:
    """The usernames that the log-in page offers, each with what it is good for."""
    return {role.value: str(words) for role, words in LOG_INS.items()} if settings.DEMO else {}


def tour_of(request: HttpRequest, preflight: Preflight) -> Tour | None:
    """The tour as it stands on this page; None off its way, outside the demo, once sent away."""
    person = getattr(request, "user", None)
    if not settings.DEMO or person is None or not person.is_authenticated:
        return None
    if preferences.of(request).toured:
        return None
    page = request.resolver_match.url_name if request.resolver_match else ""
    may_move = preflight.barred("reassign") is None
    match page:
        case "overview":
            return Tour(1, _overview())
        case "instance_list":
            return Tour(2, _services(preflight) if may_move else _services_only())
        case "instance_reassign":
            return Tour(3, REASSIGN)
        case "operation_page":
            return Tour(4, OPERATION)
        case "operation_list" if not may_move:
            return Tour(4, OPERATIONS)
    return None  # off the way it would only stand before what one looks at


def _overview() -> Step:
    return Step(
        _("What needs you stands first"),
        _(
            "The figures lead to their rows. What waits for somebody is on the left, the most"
            " pressing first. Everything says how old it is."
        ),
        _("Next: the services"),
        reverse("instance_list"),
    )


def _services(preflight: Preflight) -> Step:
    found = _movable(preflight)
    return Step(
        _("Every service in one list"),
        _(
            "Narrow it with the filters or type what you know. Each row can be moved, changed or"
            " canceled, and where it cannot, it says why."
        ),
        _("Next: move one") if found else "",
        found,
    )


def _services_only() -> Step:
    return Step(
        _("Every service in one list"),
        _(
            "Narrow it with the filters or type what you know. You look only: log in as operator to"
            " move one."
        ),
        _("Next: what was done"),
        reverse("operation_list"),
    )


REASSIGN = Step(
    gettext_lazy("First the plan, then the change"),
    gettext_lazy(
        "Choose another site and have the plan shown: what will change, what it takes along, what"
        " Wix would refuse. Nothing is sent before you press Confirm."
    ),
)
OPERATION = Step(
    gettext_lazy("Done once, or you are told what happened"),
    gettext_lazy(
        "Each change has a page like this: how it ended, what was asked of Wix, and a way back"
        " where there is one. The bell tells you of it, too."
    ),
)
OPERATIONS = Step(
    gettext_lazy("Done once, or you are told what happened"),
    gettext_lazy(
        "Each change has a page of its own: how it ended, what was asked of Wix, and a way back"
        " where there is one."
    ),
)


def _movable(preflight: Preflight) -> str:
    """The form for moving a service that can be moved just now; empty where there is none."""
    services = ProductInstance.objects.present().filter(status=InstanceStatus.ENABLED)
    placed = services.exclude(site=None).select_related("account", "package", "product", "site")
    candidates = list(placed[:CANDIDATES])
    may = preflight.of_all(["reassign"], candidates)
    for service in candidates:
        if not may[service.pk]["reassign"].may:
            continue
        for target in service.account.sites.usable()[:CANDIDATES]:
            is_other = target.pk != service.site_id
            if is_other and make_plan(service, ReassignWish(target.pk)).possible:
                query = {"target_site": str(target.pk)}
                return reverse("instance_reassign", args=[service.pk], query=query)
    return ""
