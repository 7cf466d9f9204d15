"""What is to be told, written as rows in the caller's transaction and sent once that commits."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from resellers.canonical_json import canonical
from resellers.models import (
    Account,
    BulkRun,
    Case,
    Delivery,
    ExportFile,
    Flow,
    MailWay,
    Notice,
    NoticeKind,
    Operation,
    Webhook,
    WebhookEvent,
    scope,
)
from resellers.storable import storable
from resellers.wake import wake

from . import people, words

if TYPE_CHECKING:
    from django.contrib.auth.models import User

TASK = "resellers.deliver"
PROPOSAL = "proposal"  # the kind of what customers are mailed
MOST_WOKEN = 50


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to tell: `key` names it, `text` is what a mail says of it beneath its title."""

    key: str
    title: str
    text: str = ""
    path: str = ""
    case: Case | None = None
    operation: Operation | None = None
    run: BulkRun | None = None
    flow: Flow | None = None
    export: ExportFile | None = None


@dataclass
class Message:
    """What one person is told of one kind, by one colleague: several things are one mail."""

    person: "User"
    kind: NoticeKind
    by: "User | None" = None
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Call:
    """What webhooks that want this event are sent; `key` names what happened."""

    event: WebhookEvent
    key: str
    data: dict[str, Any]


def tell(messages: Sequence[Message]) -> None:
    """Put all of it into the bells, and mail it to those who want that at once; what somebody was
    told already is not told again, nor anybody of customers they may not see. A fixed number of
    statements."""
    for one in messages:
        one.items = [item for item in one.items if _concerns(item, one.person)]
    notices = [
        Notice(
            person=one.person,
            kind=one.kind,
            key=item.key,
            case=item.case,
            operation=item.operation,
            run=item.run,
            flow=item.flow,
            export=item.export,
            by=one.by,
        )
        for one in messages
        for item in one.items
    ]
    if not notices:
        return
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    post(
        mail(
            one.person,
            one.kind,
            f"{one.kind}:{one.items[0].key}:{one.person.pk}",
            words.subject(one.kind, [item.title for item in one.items], people.name_of(one.by)),
            words.body([_block(item) for item in one.items]),
        )
        for one in messages
        if one.items and people.gets_mail(one.person, one.kind, MailWay.AT_ONCE)
    )


def call(calls: Sequence[Call], at: datetime) -> None:
    """Have the webhooks that want these events sent what they tell; two statements, or none."""
    if not calls:
        return
    hooks = list(Webhook.objects.wanting())
    post(
        webhook_call(hook, one.event, f"{one.event}:{one.key}:{hook.pk}", one.data, at)
        for one in calls
        for hook in hooks
        if one.event in hook.events
    )


def mail(person: "User", kind: str, key: str, subject: str, body: str) -> Delivery:
    """A mail to that person, not written yet."""
    return _mail(kind, key, subject, body, person=person)


def mail_to_address(address: str, kind: str, key: str, subject: str, body: str) -> Delivery:
    """A mail to that address, which stands in a setting and is nobody's, not written yet."""
    return _mail(kind, key, subject, body, address=address)


def mail_to_customer(
    account: Account, key: str, subject: str, body: str, *, reply_to: "User"
) -> Delivery:
    """A mail to that customer, at the address that is known when it is sent, not written yet."""
    return _mail(PROPOSAL, key, subject, body, account=account, reply_to=reply_to)


def _mail(kind: str, key: str, subject: str, body: str, **to: Any) -> Delivery:
    return Delivery(
        channel=Delivery.Channel.MAIL,
        kind=kind,
        key=key,
        subject=words.one_line(storable(subject)),
        body=storable(body),
        **to,
    )


def webhook_call(
    hook: Webhook, event: str, key: str, data: dict[str, Any], at: datetime
) -> Delivery:
    """A call of that webhook, not written yet; its body stands as it will be signed."""
    content = {"type": event, "timestamp": at.isoformat(timespec="seconds"), "data": data}
    return Delivery(
        channel=Delivery.Channel.WEBHOOK,
        webhook=hook,
        kind=event,
        key=key,
        body=json.dumps(canonical(content), separators=(",", ":")),
    )


def post(deliveries: Iterable[Delivery]) -> None:
    """Write these, leaving out those whose key is there, and wake workers to send them.

    Of very many the first are sent at once; the rest as they are found due.
    """
    deliveries = list(deliveries)
    if not deliveries:
        return
    with transaction.atomic():
        Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
        keys = [one.key for one in deliveries]
        rows = Delivery.objects.filter(key__in=keys, state=Delivery.State.WAITING)
        for pk in rows.order_by("pk").values_list("pk", flat=True)[:MOST_WOKEN]:
            wake(TASK, pk)


def _concerns(item: Item, person: "User") -> bool:
    """Whether it is about what that person may see."""
    limits = scope.scope_of(person)
    about = item.case or item.operation
    if limits is None or about is None or about.account is None:
        return True
    return about.account.group in limits.groups


def _block(item: Item) -> str:
    return words.block(item.title, item.text, words.link(item.path) if item.path else "")
