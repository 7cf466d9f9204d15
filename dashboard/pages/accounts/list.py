"""Accounts: the agency's customers."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from dashboard import lists
from dashboard.components import addresses, ages, links, values
from dashboard.frame.staff import StaffRequest
from dashboard.lists import matching
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Chip, Column, List, SortOption
from dashboard.lists.filters import ChoiceFilter, FlagFilter, WordFilter, WordsFilter
from resellers.domain_names import readable
from resellers.folding import sort_key
from resellers.models import Account
from resellers.models.querysets import GONE, PRESENT, UNNAMED, unknown_to_wix

GROUPS_OFFERED = 200


class Groups(WordFilter):
    """A group of customers, of those there are."""

    @property
    def offered(self) -> dict[str, str]:
        groups = Account.objects.exclude(group="").order_by("group").values_list("group", flat=True)
        return {name: name for name in sorted(groups.distinct()[:GROUPS_OFFERED], key=sort_key)}


STATES = {"unnamed": "Waits for a name", "unknown": "Unknown to Wix"}


def _in_state(state: str) -> Q:
    return UNNAMED if state == "unnamed" else unknown_to_wix()


def _name(account: Any, tail: str | SafeString = "") -> SafeString:
    own = mark_safe(' <span class="tag">own account</span>') if account.is_main else ""
    unknown = mark_safe(' <span class="tag">unknown to Wix</span>') if account.is_unknown else ""
    return format_html(
        "{}{}{}{}<small>{}{}</small>",
        links.account_link(account),
        own,
        unknown,
        links.gone_mark(account.gone_at),
        readable(account.email) or ("no e-mail" if account.name else "no name yet"),
        tail,
    )


def _name_to_edit(account: Any) -> SafeString:
    """The name with the way to its form, for who may write it."""
    words = "Edit" if account.name else "Name it"
    link = format_html(
        ' · <a class="edit" href="{}" aria-label="{}: {}">{}</a>',
        addresses.ACCOUNT_EDIT(account.pk),
        words,
        account,
        words,
    )
    return _name(account, link)


ACCOUNTS = List(
    noun="accounts",
    url_name="account_list",
    title="Accounts",
    one="account",
    many="accounts",
    rows=Account.objects.all,
    for_list=lambda rows: rows.defer("raw").with_holdings().with_doubts(),
    columns=(
        Column(
            "account", "Account", _name, ("account_name", "email", "is_main"), "main", sort="name"
        ),
        Column("group", "Group", lambda row: row_text(row.group), ("group",)),
        Column("reference", "Reference", lambda row: row_text(row.reference), ("reference",)),
        Column(
            "packages",
            "Packages",
            lambda row: values.number(row.packages_held),
            ("packages",),
            "number",
        ),
        Column(
            "services", "Services", lambda row: values.number(row.services), ("services",), "number"
        ),
        Column("sites", "Sites", lambda row: values.number(row.sites_held), ("sites",), "number"),
        Column(
            "checked",
            "Checked",
            lambda row: ages.checked(row.last_confirmed_at),
            ("checked_at_utc", "gone_at_utc"),
            kind="age",
        ),
    ),
    fields=(
        Field("account_id", "id"),
        Field("account_name", "name"),
        Field("email", "email"),
        Field("group", "group"),
        Field("reference", "reference"),
        Field("is_main", "is_main"),
        Field("packages", "packages_held"),
        Field("services", "services"),
        Field("sites", "sites_held"),
        Field("checked_at_utc", "last_confirmed_at"),
        Field("gone_at_utc", "gone_at"),
    ),
    filters=(
        WordsFilter(
            "q",
            "Words in name, e-mail or reference",
            matching.ACCOUNTS,
        ),
        Groups("group", "Group", "group", {}, absent="No group"),
        ChoiceFilter("state", "State", STATES, _in_state),
        FlagFilter("gone", "Gone from Wix only", GONE),
    ),
    sorts={"name": SortOption("Name", "sort_name")},
    default_sort="name",
    chips=(
        Chip(
            "Waits for a name",
            {"state": "unnamed"},
            lambda counts: counts.get("unnamed_accounts"),
        ),
    ),
    actions="pages/accounts/_actions.html",
    default_filters={"gone": PRESENT},
    empty_title="No accounts yet",
    is_mirrored=True,
    variant_for=lambda person: ACCOUNTS_TO_EDIT if person.has_perm("resellers.approve") else None,
    account_path="pk",
)
# For managers and admins each row leads to its form as well.
ACCOUNTS_TO_EDIT: List = ACCOUNTS.with_cells(account=_name_to_edit)


def row_text(text: str) -> str | SafeString:
    return format_html("{}", text) if text else values.NOTHING


@require_safe
def account_list(request: StaffRequest) -> HttpResponse:
    """Every customer, by name."""
    return lists.show(request, ACCOUNTS.for_user(request.user))
