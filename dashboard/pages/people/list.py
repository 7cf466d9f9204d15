"""Everybody who works here, or did, as a list."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dashboard import lists
from dashboard.components import addresses, ages, values
from dashboard.components.people import person_name
from dashboard.frame.staff import StaffRequest
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Chip, Column, List, SortOption
from dashboard.lists.filters import ChoiceFilter, WordsFilter
from dashboard.lists.matching import Matcher
from resellers.models import Role
from resellers.people import limits
from resellers.people.factors import FACTORS
from resellers.people.rights import NO_PASSWORD

INVITED = NO_PASSWORD & Q(last_login=None, is_active=True)
STATES = {
    "active": (gettext_lazy("Active"), Q(is_active=True) & ~INVITED, "good"),
    "invited": (gettext_lazy("Invited"), INVITED, "under-way"),
    "left": (gettext_lazy("Deactivated"), Q(is_active=False), "ended"),
}


def staff() -> QuerySet[User]:
    """Everybody, with how they stand and when they were seen last."""
    in_role = {
        role: Exists(User.groups.through.objects.filter(user=OuterRef("pk"), group__name=role))
        for role in reversed(Role.values)
    }
    seen = UserSession.objects.filter(user=OuterRef("pk")).order_by("-last_seen_at")
    last = Subquery(seen.values("last_seen_at")[:1])
    return User.objects.annotate(
        role=Case(
            *(When(one, then=Value(role)) for role, one in in_role.items()),
            default=Value(""),
            output_field=CharField(),
        ),
        state=Case(
            *(When(which, then=Value(key)) for key, (_word, which, _tone) in STATES.items()),
            default=Value("active"),
            output_field=CharField(),
        ),
        factor=Exists(FACTORS.filter(user=OuterRef("pk"))),
        seen_at=Coalesce(Greatest(last, "last_login"), last, "last_login"),
    )


def _name(row: Any) -> SafeString:
    address = addresses.PERSON(row.pk)
    return format_html('<a class="name" href="{}">{}</a>', address, person_name(row))


def state_tag(row: Any) -> SafeString:
    """How the person stands, as a shape and a word."""
    word, _which, tone = STATES[row.state]
    return format_html('<span class="status {}">{}</span>', tone, word)


def role_word(role: str) -> str:
    """The role's name; a dash for none."""
    return str(Role(role).label) if role else str(values.NOTHING)


PEOPLE = List(
    noun="people",
    url_name="people_list",
    title=gettext_lazy("People"),
    one="person",
    many="people",
    rows=staff,
    for_list=lambda rows: rows,
    columns=(
        Column(
            "name",
            gettext_lazy("Name"),
            _name,
            ("username", "name"),
            "main",
            sort="name",
            second=lambda row: row.username,
        ),
        Column("state", gettext_lazy("State"), state_tag, ("state",), "status"),
        Column("role", gettext_lazy("Role"), lambda row: role_word(row.role), ("role",)),
        Column(
            "factor",
            gettext_lazy("Second factor"),
            lambda row: _("Set up") if row.factor else _("None"),
            ("second_factor",),
        ),
        Column(
            "email", gettext_lazy("E-mail"), lambda row: row.email or values.NOTHING, ("email",)
        ),
        Column(
            "seen",
            gettext_lazy("Last seen"),
            lambda row: ages.age(row.seen_at),
            ("last_seen_at_utc",),
            kind="time",
            sort="seen",
        ),
    ),
    fields=(
        Field("username", "username"),
        Field("name", "first_name"),
        Field("email", "email"),
        Field("role", "role"),
        Field("state", "state"),
        Field("second_factor", "factor"),
        Field("last_seen_at_utc", "seen_at"),
    ),
    filters=(
        WordsFilter(
            "q",
            gettext_lazy("Name, username or e-mail"),
            Matcher(
                lambda word: (
                    Q(username__icontains=word)
                    | Q(first_name__icontains=word)
                    | Q(email__icontains=word)
                )
            ),
        ),
        ChoiceFilter(
            "role", gettext_lazy("Role"), dict(Role.choices), lambda role: Q(groups__name=role)
        ),
        ChoiceFilter(
            "state",
            gettext_lazy("State"),
            {key: word for key, (word, _which, _tone) in STATES.items()},
            lambda key: STATES[key][1],
        ),
        ChoiceFilter(
            "factor",
            gettext_lazy("Second factor"),
            {"yes": gettext_lazy("Set up"), "no": gettext_lazy("None")},
            lambda key: Q(factor=key == "yes"),
        ),
    ),
    default_filters={"state": Q(is_active=True)},
    sorts={
        "name": SortOption(gettext_lazy("Username"), "username"),
        "seen": SortOption(gettext_lazy("Last seen"), "seen_at", sparse=True),
    },
    default_sort="name",
    chips=(
        Chip(gettext_lazy("Invited"), {"state": "invited"}),
        Chip(gettext_lazy("Deactivated"), {"state": "left"}),
        Chip(gettext_lazy("Without a second factor"), {"factor": "no"}),
    ),
    actions="pages/people/_actions.html",
    above="pages/people/_held.html",
    around=lambda request, page: {"held": list(limits.held()[:20])},
    has_menu=False,
    permission="resellers.administer",
    empty_title=gettext_lazy("Nobody is here yet"),
)


@require_safe
def people_list(request: StaffRequest) -> HttpResponse:
    """Everybody who may log in, by name; who has left when they are asked for."""
    return lists.show(request, PEOPLE)
