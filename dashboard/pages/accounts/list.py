"""Accounts: the agency's customers."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dashboard import lists
from dashboard.components import addresses, links, values
from dashboard.components.people import person_name
from dashboard.frame.staff import StaffRequest
from dashboard.lists import matching, tallied
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Chip, Column, List, SortOption, checked_column
from dashboard.lists.filters import ChoiceFilter, FlagFilter, WordFilter, WordsFilter
from dashboard.lists.person_filter import PersonFilter
from dashboard.lists.row_actions import RowAction
from resellers.domain_names import readable
from resellers.folding import sort_key
from resellers.models import Account
from resellers.models.querysets import GONE, PRESENT, UNNAMED, unknown_to_wix

GROUPS_OFFERED = 200


class Groups(WordFilter):
    """A group of customers, of those there are."""

    @property
    def offered(self) -> dict[str, str]:
        return known_groups()


def known_groups() -> dict[str, str]:
    """Every group there is, as it is offered; one query."""
    groups = Account.objects.exclude(group="").order_by("group").values_list("group", flat=True)
    return {name: name for name in sorted(groups.distinct()[:GROUPS_OFFERED], key=sort_key)}


STATES = {"unnamed": gettext_lazy("Waits for a name"), "unknown": gettext_lazy("Unknown to Wix")}


def _in_state(state: str) -> Q:
    return UNNAMED if state == "unnamed" else unknown_to_wix()


def _tag(words: str) -> SafeString:
    return format_html(' <span class="tag">{}</span>', words)


def _name(account: Any) -> SafeString:
    own = _tag(_("own account")) if account.is_main else ""
    unknown = _tag(_("unknown to Wix")) if account.is_unknown else ""
    return format_html(
        '<a class="name" href="{}">{}</a>{}{}{}',
        addresses.ACCOUNT(account.pk),
        account,
        own,
        unknown,
        links.gone_mark(account.gone_at),
    )


def _email(account: Any) -> str:
    return readable(account.email) or (_("no e-mail") if account.name else _("no name yet"))


def _email_to_edit(account: Any) -> SafeString:
    """The same before the way to its form, for who may write it."""
    words = _("Edit") if account.name else _("Name it")
    return format_html(
        '{} · <a class="edit" href="{}" aria-label="{}: {}">{}</a>',
        _email(account),
        addresses.ACCOUNT_EDIT(account.pk),
        words,
        account,
        words,
    )


def looked_after_words(account: Account) -> str | SafeString:
    person = account.looked_after_by
    return person_name(person) if person else values.NOTHING


def looked_after_filter(field: str) -> PersonFilter:
    """By which of our people the customer is looked after; `field` leads to that person."""
    return PersonFilter("looked_after", gettext_lazy("Looked after by"), field)


ACCOUNTS = List(
    noun="accounts",
    url_name="account_list",
    title=gettext_lazy("Customers"),
    one="customer",
    many="customers",
    rows=Account.objects.all,
    for_list=lambda rows: (
        rows.defer("raw").select_related("looked_after_by").with_holdings().with_doubts()
    ),
    columns=(
        Column(
            "account",
            gettext_lazy("Customer"),
            _name,
            ("account_name", "email", "is_main"),
            "main",
            sort="name",
            second=_email,
        ),
        Column("group", gettext_lazy("Group"), lambda row: row_text(row.group), ("group",)),
        Column(
            "reference",
            gettext_lazy("Reference"),
            lambda row: row_text(row.reference),
            ("reference",),
        ),
        Column(
            "looked_after",
            gettext_lazy("Looked after by"),
            looked_after_words,
            ("looked_after_by",),
        ),
        Column(
            "packages",
            gettext_lazy("Packages"),
            lambda row: values.number(row.packages_held),
            ("packages",),
            "number",
        ),
        Column(
            "services",
            gettext_lazy("Services"),
            lambda row: values.number(row.services),
            ("services",),
            "number",
        ),
        Column(
            "sites",
            gettext_lazy("Sites"),
            lambda row: values.number(row.sites_held),
            ("sites",),
            "number",
        ),
        checked_column("checked_at_utc", "gone_at_utc"),
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
        Field("looked_after_by", "looked_after_by__username"),
    ),
    filters=(
        WordsFilter(
            "q",
            gettext_lazy("Words in name, e-mail or reference"),
            matching.ACCOUNTS,
        ),
        Groups("group", gettext_lazy("Group"), "group", {}, absent=gettext_lazy("No group")),
        looked_after_filter("looked_after_by"),
        ChoiceFilter("state", gettext_lazy("State"), STATES, _in_state),
        FlagFilter("gone", gettext_lazy("Gone from Wix only"), GONE),
    ),
    sorts={"name": SortOption(gettext_lazy("Name"), "sort_name")},
    default_sort="name",
    chips=(
        Chip(
            gettext_lazy("Waits for a name"),
            {"state": "unnamed"},
            lambda counts: counts.get("unnamed_accounts"),
        ),
    ),
    actions="pages/accounts/_actions.html",
    default_filters={"gone": PRESENT},
    tallied=tallied.ACCOUNTS,
    empty_title=gettext_lazy("No customers yet"),
    is_mirrored=True,
    variant_for=lambda person: ACCOUNTS_TO_EDIT if person.has_perm("resellers.approve") else None,
    account_path="pk",
    row_actions=lambda row: [
        RowAction(_("Services"), "layers", addresses.INSTANCES_OF_ACCOUNT(row.pk))
    ],
    row_ids=lambda row: [("account", row.pk)],
)
# For managers and admins each row leads to its form as well.
ACCOUNTS_TO_EDIT: List = ACCOUNTS.with_second_lines(account=_email_to_edit)


def row_text(text: str) -> str | SafeString:
    return format_html("{}", text) if text else values.NOTHING


@require_safe
def account_list(request: StaffRequest) -> HttpResponse:
    """Every customer, by name."""
    return lists.show(request, ACCOUNTS.for_user(request.user))
