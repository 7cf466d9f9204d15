"""What people do with cases, and cases that come back, told to whom they concern."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from resellers.clock import database_now
from resellers.models import (
    BulkRun,
    Case,
    CaseEvent,
    ExportFile,
    Flow,
    NoticeKind,
    WebhookEvent,
)

from . import outbox, people, words
from .outbox import Call, Item, Message

if TYPE_CHECKING:
    from django.contrib.auth.models import User

EVENTS = {
    CaseEvent.Kind.ASSIGNED: WebhookEvent.CASE_ASSIGNED,
    CaseEvent.Kind.REGRESSED: WebhookEvent.CASE_REGRESSED,
}
RELATED = ("account", "product", "operation", "flow", "owner")


def of_events(events: Iterable[CaseEvent]) -> None:
    """Tell of these events, just written, whom they concern; part of the caller's transaction.

    Of a case that was given to somebody the one, of what was written those it mentions, of a case
    that came back its owner before. Nobody is told of what they did themselves. A fixed number of
    statements, none where nobody is concerned.
    """
    concerning = [event for event in events if event.kind in EVENTS or _names(event)]
    if not concerning:
        return
    cases = Case.objects.select_related(*RELATED).in_bulk({event.case_id for event in concerning})
    known = _people(concerning)
    messages: dict[tuple[Any, ...], Message] = {}
    for event in concerning:
        for person, kind in _concerned(event, known):
            one = messages.setdefault(
                (person.pk, kind, event.by_id), Message(person, kind, by=event.by)
            )
            one.items.append(_item(event, cases[event.case_id]))
    outbox.tell(list(messages.values()))
    calls = [
        Call(tells, f"event:{event.pk}", _data(event, cases[event.case_id]))
        for event in concerning
        if (tells := EVENTS.get(CaseEvent.Kind(event.kind)))
    ]
    outbox.call(calls, database_now())


def of_run(run: BulkRun, *, title: str, text: str, by: "User | None") -> None:
    """Tell who asked for the run how it stands now, once for each way in which it can stand."""
    asker = people.staff().filter(pk=run.by_id).first()
    if asker is None:
        return
    key = f"run:{run.pk}:{run.state}:{run.fence}"
    item = Item(key=key, title=title, text=text, path=run.get_absolute_url(), run=run)
    outbox.tell([Message(asker, NoticeKind.BULK, by=by, items=[item])])


def of_flow(flow: Flow, key: str, *, title: str, text: str, by: "User | None" = None) -> None:
    """Tell the flow's owner how it stands, once for each key; nobody of what they did."""
    owner = people.staff().filter(pk=flow.owner_id).first()
    if owner is None or (by is not None and by.pk == owner.pk):
        return
    key = f"flow:{flow.pk}:{key}"
    item = Item(key=key, title=title, text=text, path=flow.get_absolute_url(), flow=flow)
    outbox.tell([Message(owner, NoticeKind.FLOW, by=by, items=[item])])


def of_export(export: ExportFile, *, title: str, text: str) -> None:
    """Tell who asked for the file that it is ready, or that it could not be made."""
    asker = people.staff().filter(pk=export.by_id).first()
    if asker is None:
        return
    key, path = f"export:{export.pk}:{export.state}", export.get_absolute_url()
    item = Item(key=key, title=title, text=text, path=path, export=export)
    outbox.tell([Message(asker, NoticeKind.EXPORT, items=[item])])


def case_data(case: Case) -> dict[str, Any]:
    """A case as webhooks are told it."""
    return {
        "case": case.pk,
        "title": words.case_title(case),
        "cause": case.cause,
        "code": case.code,
        "since": case.since,
        "account_id": case.account_id,
        "account_name": str(case.account or ""),
        "product_name": str(case.product or ""),
        "instance_id": case.instance_id,
        "operation_id": case.operation_id,
        "flow_id": case.flow_id,
        "owner": case.owner.get_username() if case.owner else "",
        "link": words.link(case.get_absolute_url()),
    }


def _names(event: CaseEvent) -> list[str]:
    """The usernames that the event mentions."""
    return list(event.body.get("mentions") or ())


def _people(events: Sequence[CaseEvent]) -> dict[str | int, "User"]:
    """Everybody whom these events may concern, by username and by id; one statement."""
    names = {name for event in events for name in _names(event)}
    names |= {event.body["to"] for event in events if event.kind == CaseEvent.Kind.ASSIGNED}
    owners = {event.body.get("owner") for event in events} - {None}
    found = people.staff().filter(Q(username__in=names) | Q(pk__in=owners))
    return {key: person for person in found for key in (person.get_username(), person.pk)}


def _concerned(
    event: CaseEvent, known: dict[str | int, "User"]
) -> Iterator[tuple["User", NoticeKind]]:
    """Whom it concerns, and how: each once."""
    met = {event.by_id}
    for key, kind in (
        (event.body.get("to"), NoticeKind.ASSIGNED),
        (event.body.get("owner"), NoticeKind.REGRESSED),
        *((name, NoticeKind.MENTIONED) for name in _names(event)),
    ):
        person = known.get(key) if key else None
        if person and person.pk not in met:
            met.add(person.pk)
            yield person, kind


def _item(event: CaseEvent, case: Case) -> Item:
    return Item(
        key=f"event:{event.pk}",
        title=words.case_title(case),
        text=event.words,
        path=case.get_absolute_url(),
        case=case,
    )


def _data(event: CaseEvent, case: Case) -> dict[str, Any]:
    by = event.by.get_username() if event.by else ""
    return case_data(case) | {"by": by}
