"""Sites: what services are put on."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dashboard import lists
from dashboard.components import addresses, links, statuses, values
from dashboard.lists import matching, tallied
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Chip, Column, List, SortOption, checked_column
from dashboard.lists.filters import ChoiceFilter, FlagFilter, WordsFilter
from dashboard.lists.found_filters import IdFilter
from dashboard.lists.row_actions import RowAction
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
    "published": gettext_lazy("Published"),
    "unpublished": gettext_lazy("Unpublished"),
    "unread": gettext_lazy("Not read yet"),
    "blocked": gettext_lazy("Blocked"),
    "trashed": gettext_lazy("In the trash"),
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
    words = site.display_name or site
    return format_html('<a class="name" href="{}">{}</a>', addresses.SITE(site.pk), words)


def _host(site: Any) -> str:
    return readable(site.host) or _("no address, %(short_id)s…") % {"short_id": site.short_id}


def _actions(site: Any) -> list[RowAction]:
    found = [RowAction(_("Services"), "layers", addresses.INSTANCES_ON_SITE(site.pk))]
    if site.url.startswith(("https://", "http://")):
        found.append(RowAction(_("Open site"), "ext", site.url, is_outside=True))
    return found


def _actions_of_operators(site: Any) -> list[RowAction]:
    found = _actions(site)
    if site.usable:
        address = addresses.HAND_OVER_SITE(site.pk)
        found.append(RowAction(_("Hand over"), "send", address, is_change=True))
    return found


def _services(site: Any) -> SafeString:
    return format_html(
        '<a href="{}">{}</a>', addresses.INSTANCES_ON_SITE(site.pk), values.number(site.services)
    )


def _plan(site: Any) -> str:
    words = [_("Premium")] if site.has_premium else []
    words += [_("Domain connected")] if site.domain_connected else []
    return ", ".join(words) or values.NOTHING


SITES = List(
    noun="sites",
    url_name="site_list",
    title=gettext_lazy("Sites"),
    one="site",
    many="sites",
    rows=Site.objects.all,
    for_list=_for_list,
    columns=(
        Column(
            "site",
            gettext_lazy("Site"),
            _name,
            ("site_name", "site_url"),
            "main",
            sort="name",
            second=_host,
        ),
        Column(
            "account",
            gettext_lazy("Customer"),
            lambda row: links.account_link(row.account),
            ("account_name",),
            second=lambda row: row.account.group,
        ),
        Column("services", gettext_lazy("Services"), _services, ("services",), kind="number"),
        Column(
            "state",
            gettext_lazy("State"),
            statuses.site_badge,
            ("published", "blocked", "trashed_at_utc", "gone_at_utc"),
            kind="status",
            second=statuses.site_note,
        ),
        Column("plan", gettext_lazy("Plan"), _plan, ("premium", "domain_connected")),
        checked_column("checked_at_utc"),
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
        WordsFilter("q", gettext_lazy("Words in name or address, or an id"), matching.SITES),
        ChoiceFilter("state", gettext_lazy("State"), STATES, STATES_PICK.__getitem__),
        FlagFilter("gone", gettext_lazy("Gone from Wix only"), GONE),
        IdFilter("account", gettext_lazy("Customer"), "account", Account),
    ),
    sorts={"name": SortOption(gettext_lazy("Name"), "sort_name")},
    default_sort="name",
    chips=(
        Chip(gettext_lazy("Published"), {"state": "published"}),
        Chip(gettext_lazy("Unpublished"), {"state": "unpublished"}),
        Chip(gettext_lazy("Blocked"), {"state": "blocked"}),
        Chip(gettext_lazy("In the trash"), {"state": "trashed"}),
    ),
    default_filters={"gone": PRESENT},
    tallied=tallied.SITES,
    empty_title=gettext_lazy("No sites yet"),
    is_mirrored=True,
    account_path="account_id",
    row_actions=_actions,
    row_ids=lambda row: [("site", row.pk), ("account", row.account_id)],
    variant_for=lambda person: SITES_TO_HAND_OVER if person.has_perm("resellers.operate") else None,
)
SITES_TO_HAND_OVER: List = replace(SITES, row_actions=_actions_of_operators)


@require_safe
def site_list(request: HttpRequest) -> HttpResponse:
    """Every site, by name."""
    return lists.show(request, SITES)
