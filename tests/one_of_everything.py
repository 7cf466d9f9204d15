"""A mirror with something behind every number: every status and state, records that are gone,
services without a site both alive and ended, what has no name, what Wix refused.

Names have no digits: every number on a page counts something, or is an age, a date or an id.
"""

from datetime import timedelta
from itertools import cycle
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from resellers import audit, cases, notes
from resellers.mirror import figures
from resellers.models import (
    OPEN_STATES,
    Account,
    CatalogProduct,
    DailyCount,
    Delivery,
    DeliveryAttempt,
    ExportFile,
    InstanceStatus,
    OperationState,
    Package,
    ProductRefusal,
    Site,
    SyncRun,
    Webhook,
    WebhookEvent,
)
from resellers.notify import hooks
from tests import worlds

STATUSES = (*InstanceStatus.values, "ON_HOLD")  # the last is none that Wix documents


def one_of_everything(person: User) -> None:
    """Fill the mirror, and have it counted."""
    bakery, yoga = worlds.account("North Bakery", group="Food"), worlds.account("Harbour Yoga")
    nameless = worlds.account("")
    left = worlds.account("Old Mill", gone_at=timezone.now())
    worlds.account("", gone_at=timezone.now())
    products = catalogue(person)
    sites = every_site(bakery)
    every_service(bakery, sites, products)
    few_services(yoga, nameless, left, products)
    every_operation(yoga, person)
    every_reading(bakery, person)
    what_people_did(bakery, person)
    every_call(person)
    worlds.flow(person, site=sites[0], account=yoga)
    of_sites = {"noun": "sites", "title": "Sites", "view": "all", "zone": "UTC"}
    ExportFile.objects.create(by=person, state="failed", **of_sites)
    cases.keep()
    figures.note_whole(timezone.now())
    week_ago = timezone.localdate() - timedelta(days=8)
    DailyCount.objects.create(day=week_ago, figure="accessible", value=2)


def catalogue(person: User) -> list[CatalogProduct]:
    """Products named and unnamed, refused, cleared, refused again, and one at its limit."""
    plan = worlds.product()
    mailbox = worlds.product("Mailbox", service_type="BUSINESS_MAIL", reference=False)
    nameless = worlds.product("", service_type="")
    refused, cleared = worlds.product("Logo Pack", limit=3), worlds.product("Booking")
    now = timezone.now()
    for product, when in ((refused, None), (refused, now), (nameless, None), (cleared, now)):
        by = person if when else None
        code = "PRODUCT_LIMIT_EXCEEDED" if when else "PRODUCT_NOT_FOUND"
        ProductRefusal.objects.create(product=product, code=code, cleared_at=when, cleared_by=by)
    return [plan, mailbox, nameless, refused, cleared]


def every_site(account: Account) -> list[Site]:
    """A site in each of its states, and some in two of them."""
    now = timezone.now()
    worlds.site(account, "empty")
    return [
        worlds.site(account, "open"),
        worlds.site(account, "closed", published=False),
        worlds.site(account, "unread", last_confirmed_at=None),
        worlds.site(account, "blocked", blocked=True),
        worlds.site(account, "thrown", trashed_at=now),
        worlds.site(account, "thrown-and-blocked", trashed_at=now, blocked=True),
        worlds.site(account, "lost", gone_at=now),
    ]


def every_service(account: Account, sites: list[Site], products: list[CatalogProduct]) -> None:
    """In each status: on a site and on none, expiring on a site and on none, and both gone."""
    now = timezone.now()
    on, of = cycle(sites), cycle(products)
    first, second = worlds.package(account), worlds.package(account, external_id="")
    for place, status in enumerate(STATUSES):
        past = {"status": status, "status_since": now - timedelta(days=5 * place, hours=1)}
        failed = {"failure_code": "DELIVERY_TIMEOUT"} if status == "FAILED" else {}
        floating = {"floating": True, "floating_since": now - timedelta(days=9 * place, hours=1)}
        soon, later = (now + timedelta(days=days) for days in (10, 45))
        worlds.instance(first, next(on), product=next(of), **past, **failed)
        worlds.instance(first, product=next(of), **past, **floating)
        worlds.instance(second, next(on), product=next(of), expires_at=soon, **past)
        worlds.instance(second, product=next(of), expires_at=later, **past, **floating)
        gone = {"gone_at": now, "expires_at": soon, **past, **failed}
        worlds.instance(first, next(on), product=next(of), **gone)
        worlds.instance(second, product=next(of), **gone, **floating)
    worlds.instance(first, next(on), product=next(of), expires_at=now - timedelta(days=3))
    worlds.instance(second, product=next(of), floating=True, floating_since=None)


def few_services(
    yoga: Account, nameless: Account, left: Account, products: list[CatalogProduct]
) -> None:
    """What other customers hold: failures of every cause, and packages with nothing to show."""
    now = timezone.now()
    plan, _, unknown, *_ = products
    of_yoga = worlds.package(yoga)
    for code, days in (("EXTERNAL_FAILURE", 3), ("BRAND_NEW", 40), ("", 0)):
        since = now - timedelta(days=days, minutes=1)
        failed = {"status": "FAILED", "failure_code": code, "status_since": since}
        worlds.instance(of_yoga, product=plan, **failed)
    never_dated = {"status": "FAILED", "failure_code": "UNKNOWN", "status_since": None}
    worlds.instance(of_yoga, product=plan, floating=True, **never_dated)
    worlds.instance(worlds.package(nameless), product=unknown, floating=True)
    worlds.instance(worlds.package(left), product=plan, floating=True)
    worlds.package(yoga)
    emptied = worlds.package(yoga)
    worlds.instance(emptied, product=plan, gone_at=now)
    lost = worlds.package(yoga, gone_at=now)
    worlds.instance(lost, product=plan, gone_at=now)
    worlds.instance(lost, product=plan, gone_at=now, floating=True, status="FAILED")
    Package.objects.filter(pk=of_yoga.pk).update(created_at=None)
    Package.objects.filter(pk=emptied.pk).update(updated_at=now + timedelta(days=9000))


def every_operation(account: Account, person: User) -> None:
    """Two in each state, asked for by two people at different times, of different kinds."""
    other = worlds.user("operator")
    product, site = worlds.product("Newsletter"), worlds.site(account, "harbour")
    kinds = cycle(("reassign", "adjust", "cancel_instance"))
    for place, state in enumerate(OperationState.values):
        for days, by in ((place, person), (3 * place, other)):
            service = worlds.instance(worlds.package(account), site, product=product)
            asked = timezone.now() - timedelta(days=days, hours=1)
            ended = None if state in OPEN_STATES else asked + timedelta(minutes=1)
            fields = {"requested_at": asked, "finished_at": ended, "site": site}
            if state == OperationState.SUCCEEDED:
                fields |= {"drifted_at": timezone.now() - timedelta(days=days * 2)}
            worlds.operation(service, by, state=state, kind=next(kinds), **fields)


def every_reading(account: Account, person: User) -> None:
    """A reading of each kind and state."""
    kinds = cycle(SyncRun.Kind.values)
    for state in SyncRun.State.values:
        for by in (None, person):
            kind = next(kinds)
            of = account if kind == SyncRun.Kind.ACCOUNT else None
            started = None if state == "queued" else timezone.now()
            ended = None if state in SyncRun.OPEN_STATES else timezone.now()
            times = {"started_at": started, "finished_at": ended}
            SyncRun.objects.create(
                kind=kind,
                subject=f"{kind} {state}",
                state=state,
                requested_by=by,
                account=of,
                **times,
            )


def what_people_did(account: Account, person: User) -> None:
    """Notes and entries of the audit trail."""
    package = account.packages.first()
    for about in (account, account, package, package.instances.first()):
        notes.add_note(about, "calls only in the morning", by=person)
    for event in ("operation.requested", "operation.needs_attention", "export.taken"):
        audit.record(event, by=person, account_id=account.pk)


def every_call(person: User) -> Webhook:
    """A webhook with a call in each state, each tried once; no worker has any of them to send."""
    hook, _ = hooks.make("https://chat.agency.example/hook", WebhookEvent.values, by=person)
    kinds, now = cycle(WebhookEvent.values), timezone.now()
    refused = {"arrived": False, "answer": "Out of order.", "ended_at": now}
    tries: dict[str, dict[str, Any]] = {
        Delivery.State.WAITING: refused,
        Delivery.State.SENT: {"arrived": True, "status": 200, "ended_at": now},
        Delivery.State.FAILED: refused,
    }
    later = now + timedelta(days=1)
    for state in Delivery.State:
        attempt = tries.get(state, {})
        call = Delivery.objects.create(
            channel=Delivery.Channel.WEBHOOK,
            webhook=hook,
            kind=next(kinds),
            key=f"a call that is {state}",
            body='{"type":"what happened"}',
            state=state,
            tries=1,
            last_answer=attempt.get("answer", ""),
            next_run_at=later,
            lease_until=later if state == Delivery.State.SENDING else None,
        )
        DeliveryAttempt.objects.create(delivery=call, **attempt)
    return hook
