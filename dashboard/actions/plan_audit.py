"""What people were shown before they confirmed, kept in the audit trail, and what moved since."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from dashboard.frame.staff import StaffRequest
from resellers import audit
from resellers.billing_cycles import BillingCycle
from resellers.models import Account, AuditEntry, CatalogProduct, Site
from resellers.models.states import without_site
from resellers.operations.kinds import kind_of
from resellers.operations.plan import Plan
from resellers.operations.planned import About
from resellers.refusals import explain_status

from .wish_form import AnyForm

Moved = Sequence[tuple[str, str, str]]


def remember(request: StaffRequest, plan: Plan[Any]) -> None:
    """Keep what a person was shown."""
    body = {"kind": plan.kind, "wish": plan.wish.as_json(), "before": plan.before, **plan.as_json()}
    _record(
        request,
        "plan.shown",
        plan.about,
        body | {"fingerprint": plan.fingerprint, "refusals": [r.code for r in plan.refusals]},
    )


def note_refusal(request: StaffRequest, form: AnyForm, plan: Plan[Any], why: str) -> None:
    """Keep that a person asked for this and nothing was recorded."""
    body = {"kind": form.kind, "wish": form.wish().as_json(), "why": why}
    _record(request, "operation.not_recorded", plan.about, body)


def note_unsure(request: StaffRequest, form: AnyForm) -> None:
    """Keep that the name or the password was not the right one; never what was typed."""
    about = form.rules.about(form.thing, form.wish())
    body = {"kind": form.kind, "subject": about.subject, "wrong": form.wrongly_typed}
    _record(request, "operation.not_confirmed", about, body)


def what_moved(request: StaffRequest, plan: Plan[Any], fingerprint: str) -> Moved:
    """Field, value when it was shown, value now: compared with what this person was last shown.

    Empty where no plan of that fingerprint was ever shown to this person.
    """
    entry = AuditEntry.objects.filter(
        event="plan.shown",
        actor=request.user,
        account_id=plan.about.account.pk,
        body__fingerprint=fingerprint,
    ).first()
    if entry is None:
        return []
    old, moved = entry.body, []
    for key, label in kind_of(plan.kind).seen_as.items():
        was, now = old["before"], plan.before
        if was.get(key) != now.get(key):
            moved.append((label, _named(key, was), _named(key, now)))
    rests = [dependant.words for dependant in plan.dependants]
    if old["dependants"] != rests:
        moved.append((_("What rests on it"), _listed(old["dependants"]), _listed(rests)))
    if old["wish"] != plan.wish.as_json():
        moved.append((_("The wish"), _("another one"), _("as below")))
    if old["calls"] != list(plan.calls) and not moved:
        moved.append((_("Calls to Wix"), _listed(old["calls"]), _listed(plan.calls)))
    return moved


def _record(request: StaffRequest, event: str, about: About, body: dict[str, Any]) -> None:
    audit.record(
        event,
        by=request.user,
        account_id=about.account.pk,
        instance_id=about.instance.pk if about.instance else None,
        body=body,
    )


def _named(key: str, values: Mapping[str, Any]) -> str:
    """The value of that key, by the name people know it by."""
    value: Any = values.get(key)
    if isinstance(value, list):
        return str(len(value))
    if key == "site_id":
        site = Site.objects.filter(pk=value).first() if value else None
        return str(site or value or without_site(values.get("status", "")))
    if key == "account_id":
        return str(Account.objects.filter(pk=value).first() or value)
    if key == "product_id":
        return str(CatalogProduct.objects.filter(pk=value).first() or value)
    if key == "cycle":
        return BillingCycle.from_json(value or "").words
    if key == "status" and value:
        return str(explain_status(value).word)
    return str(value or "none")


def _listed(words: Any) -> str:
    return "; ".join(words) or _("none found")
