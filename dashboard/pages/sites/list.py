"""Sites: what services are put on."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from dashboard import lists
from dashboard.components import addresses, ages, links, values
from dashboard.components.statuses import site_state
from dashboard.lists import matching
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Chip, Column, List, SortOption
from dashboard.lists.filters import ChoiceFilter, FlagFilter, IdFilter, WordsFilter
from resellers.domain_names import readable
from resellers.models import Account, Site
from resellers.models.querysets import (
    BLOCKED,
    GONE,
    NEVER_READ,
    PRESENT,
    PUBLISHED,
    TRASHED,
    UNPUBLISHED,
    SiteQuerySet,
)

STATES = {
    "published": "Published",
    "unpublished": "Unpublished",
    "unread": "Not read yet",
    "blocked": "Blocked",
    "trashed": "In the trash",
}
STATES_PICK = {
    "published": PUBLISHED,
    "unpublished": UNPUBLISHED,
    "unread": NEVER_READ,
    "blocked": BLOCKED,
    "trashed": TRASHED,
}


def _for_list(sites: SiteQuerySet[Site]) -> SiteQuerySet[Site]:
    rows = sites.select_related("account").defer("raw", "account__raw")
    return rows.with_services().with_premium()


def _name(site: Any) -> SafeString:
    return format_html(
        '<a href="{}">{}</a><small>{}</small>',
        addresses.INSTANCES_ON_SITE(site.pk),
        site.display_name or site,
        readable(site.host) or f"no address, {site.short_id}…",
    )


def _services(site: Any) -> SafeString:
    return format_html(
        '<a href="{}">{}</a>', addresses.INSTANCES_ON_SITE(site.pk), values.number(site.services)
    )


def _plan(site: Any) -> str:
    words = ["Premium"] if site.has_premium else []
    words += ["Domain connected"] if site.domain_connected else []
    return ", ".join(words) or values.NOTHING


SITES = List(
    noun="sites",
    url_name="site_list",
    title="Sites",
    one="site",
    many="sites",
    rows=Site.objects.all,
    for_list=_for_list,
    columns=(
        Column("site", "Site", _name, ("site_name", "site_url"), kind="main", sort="name"),
        Column(
            "account", "Account", lambda row: links.account_link(row.account), ("account_name",)
        ),
        Column("services", "Services", _services, ("services",), kind="number"),
        Column(
            "state",
            "State",
            site_state,
            ("published", "blocked", "trashed_at_utc", "gone_at_utc"),
            kind="status",
        ),
        Column("plan", "Plan", _plan, ("premium", "domain_connected"), kind="short"),
        Column(
            "checked",
            "Checked",
            lambda row: ages.checked(row.last_confirmed_at),
            ("checked_at_utc",),
            kind="age",
        ),
    ),
    fields=(
        Field("site_id", "id"),
        Field("account_id", "account_id"),
        Field("account_name", "account__name"),
        Field("site_name", "display_name"),
        Field("site_url", "url"),
        Field("services", "services"),
        Field("published", "published"),
        Field("premium", "has_premium"),
        Field("blocked", "blocked"),
        Field("domain_connected", "domain_connected"),
        Field("created_at_utc", "created_at"),
        Field("updated_at_utc", "updated_at"),
        Field("checked_at_utc", "last_confirmed_at"),
        Field("trashed_at_utc", "trashed_at"),
        Field("gone_at_utc", "gone_at"),
    ),
    filters=(
        WordsFilter("q", "Words in name or address, or an id", matching.SITES),
        ChoiceFilter("state", "State", STATES, STATES_PICK.__getitem__),
        FlagFilter("gone", "Gone from Wix only", GONE),
        IdFilter("account", "Account", "account", Account),
    ),
    sorts={"name": SortOption("Name", "sort_name")},
    default_sort="name",
    chips=(
        Chip("Published", {"state": "published"}),
        Chip("Unpublished", {"state": "unpublished"}),
        Chip("Blocked", {"state": "blocked"}),
        Chip("In the trash", {"state": "trashed"}),
    ),
    default_filters={"gone": PRESENT},
    empty_title="No sites yet",
    is_mirrored=True,
    account_path="account_id",
)


@require_safe
def site_list(request: HttpRequest) -> HttpResponse:
    """Every site, by name."""
    return lists.show(request, SITES)
