"""Domain services: whose they are, where they stand, how long they still run."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import F, OuterRef, Subquery, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Replace
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dashboard import lists
from dashboard.actions.create_package import NewPackageForm
from dashboard.components import links, statuses
from dashboard.components.icons import service_icon
from dashboard.components.values import NOTHING
from dashboard.frame.staff import StaffRequest
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Chip, Column, List
from dashboard.lists.row_actions import RowAction
from dashboard.pages.instances.list import CHECKED, CUSTOMER, EXPIRES, INSTANCES
from dashboard.pages.instances.row_actions import service_actions
from resellers.domain_names import readable
from resellers.flows.paid_domains import REGISTERED_WITH
from resellers.models import Flow, Operation, OperationState, ProductInstance
from resellers.operations.kinds import kind_of

DOMAIN = "domain:"  # of the subject of an operation
_REGISTERED = (
    Operation.objects.filter(
        kind="register_domain", state=OperationState.SUCCEEDED, instance=OuterRef("pk")
    )
    .order_by("-id")
    .values(name=Replace(F("subject"), Value(DOMAIN)))
)
_REGISTERED_BY_HAND = (
    Flow.objects.filter(account=OuterRef("account"), state=Flow.State.DONE)
    .annotate(
        service=Cast(KeyTextTransform(REGISTERED_WITH, "data"), TextField()),
        name=KeyTextTransform("domain", "data"),
    )
    .filter(service=Replace(Cast(OuterRef("pk"), TextField()), Value("-")))
    .order_by("-id")
    .values("name")
)
# The name that was registered with a service: Wix does not give it with the service.
REGISTERED_AS = Coalesce(
    Subquery(_REGISTERED[:1]), Subquery(_REGISTERED_BY_HAND[:1]), output_field=TextField()
)


def days_left(ends: datetime | None) -> int | str:
    """How many days it still runs; below nothing once it has ended."""
    return (ends - timezone.now()).days if ends else ""


def _name(service: Any) -> SafeString:
    """What was registered with it from here; the product's name stands below."""
    if not service.registered_as:
        return links.service_link(service)
    return format_html(
        '<a class="name" href="{}">{}</a>{}',
        service.get_absolute_url(),
        readable(service.registered_as),
        links.gone_mark(service.gone_at),
    )


def _under_name(service: Any) -> str | SafeString:
    kind = links.service_kind(service)
    if not service.registered_as:
        return kind
    return format_html("{} · {}", service.product, kind)


def _left(service: ProductInstance) -> str | SafeString:
    if service.expires_at is None or not service.is_live or service.has_expired:
        return NOTHING
    return str(days_left(service.expires_at))


def _order_anew(service: Any) -> RowAction:
    """Wix extends no domain by API: this is what can be done about one that ends."""
    query = {"account": service.account_id, "product": service.product_id}
    if service.site_id:
        query["site"] = service.site_id
    return RowAction(
        _("Order anew"),
        "cart",
        f"{reverse(NewPackageForm.url_name)}?{urlencode(query)}",
        _("Wix extends none by API"),
        is_change=True,
    )


DOMAINS = replace(
    INSTANCES,
    noun="domains",
    url_name="domain_list",
    title=gettext_lazy("Domains"),
    one="domain",
    many="domains",
    rows=ProductInstance.objects.of_domains,
    for_list=lambda rows: INSTANCES.for_list(rows).annotate(registered_as=REGISTERED_AS),
    columns=(
        Column(
            "domain",
            gettext_lazy("Domain"),
            _name,
            ("registered_as", "product_name"),
            "main",
            second=_under_name,
            mark=lambda row: service_icon(row.product.service_type),
        ),
        CUSTOMER,
        Column("site", gettext_lazy("Site"), links.place_link, ("site_name", "site_url"), "place"),
        Column(
            "status",
            gettext_lazy("Status"),
            statuses.status_word,
            ("status", "failure_code", "failure_message"),
            kind="status",
            second=statuses.status_note,
        ),
        EXPIRES,
        Column("left", gettext_lazy("Days left"), _left, ("days_left",), "number"),
        CHECKED,
    ),
    fields=(
        *INSTANCES.fields,
        Field("registered_as", REGISTERED_AS),
        Field("days_left", "expires_at", days_left),
    ),
    default_sort="expires",
    chips=(
        Chip(gettext_lazy("Expiring in 30 days"), {"expiring": "30"}),
        Chip(gettext_lazy("Expired"), {"expiring": "past"}),
        Chip(gettext_lazy("Floating"), {"floating": "1"}),
    ),
    summary=None,
    actions="pages/domains/_actions.html",
    above="pages/domains/_above.html",
    empty_title=gettext_lazy("No domains yet"),
    variant_for=lambda person: DOMAINS_TO_ORDER if may_order(person) else None,
)
# For who may order.
DOMAINS_TO_ORDER: List = replace(
    DOMAINS, row_actions=lambda row: [_order_anew(row), *service_actions(row)]
)


def may_order(person: User) -> bool:
    return person.has_perm(kind_of(NewPackageForm.kind).permission)


@require_safe
def domain_list(request: StaffRequest) -> HttpResponse:
    """Every domain service, what ends next first."""
    return lists.show(request, DOMAINS.for_user(request.user))
