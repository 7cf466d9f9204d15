"""The plan of many changes at once, kept as it was shown: nothing is asked of Wix for it."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from resellers import audit
from resellers.constraints import is_taken
from resellers.models import BulkRun, PlannedChange

from ..preflight import Preflight
from ..requests import NotAllowed
from ..wish import JsonObject
from .verb import AnyVerb, Draft, Selection
from .verbs import verb_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST = 5_000  # changes of one run: its plan is made within one request


class NothingToPlan(Exception):
    """There is no record to plan for; str() says why."""


def plan_run(
    verb: AnyVerb,
    selection: Selection,
    *,
    by: "User",
    request_id: UUID | None = None,
    retry_of: BulkRun | None = None,
) -> BulkRun:
    """Make the plan of these records and keep it: as many queries for one as for a thousand.

    The same `request_id` again returns the plan that it made. Raises NotAllowed, NothingToPlan.
    """
    answer = Preflight(by).in_general(verb.kind)
    if not answer.is_allowed:
        raise NotAllowed(answer.why)
    request_id = request_id or uuid4()
    if again := _made(request_id, by):
        return again
    if len(selection.ids) > MOST:
        raise NothingToPlan(f"At most {MOST:,} at once; these are {len(selection.ids):,}.")
    records = verb.load(selection.ids)
    if not records:
        raise NothingToPlan("None of these is known here.")
    drafts = verb.draft(records)
    unknown = len(selection.ids) - len(records)
    try:
        with transaction.atomic():
            run = BulkRun.objects.create(
                kind=verb.name,
                by=by,
                request_id=request_id,
                selection={**selection.source, "unknown": unknown},
                retry_of=retry_of,
            )
            changes = [
                _change(run, number, verb, draft, selection)
                for number, draft in enumerate(drafts, 1)
            ]
            PlannedChange.objects.bulk_create(changes)
            _remember(run, drafts, by)
    except IntegrityError as error:
        if not is_taken(error, BulkRun, "request_id") or not (again := _made(request_id, by)):
            raise
        return again
    return run


def plan_again(
    run: BulkRun, *, by: "User", request_id: UUID | None = None, everything: bool = False
) -> BulkRun:
    """The plan anew of what came to nothing in that run, or of `everything` in it.

    Raises NotAllowed, and NothingToPlan where all of it was carried out.
    """
    verb = verb_of(run.kind)
    changes = run.changes.all() if everything else run.changes.repeatable()
    found = list(changes.select_related("operation"))
    if not found:
        raise NothingToPlan("Nothing of this run is left to be tried again.")
    retries = {
        verb.record_id(one): one.operation
        for one in found
        if one.operation and one.operation.is_repeatable
    }
    ids = frozenset(verb.record_id(one) for one in found)
    source: JsonObject = {"run": run.pk, "count": len(ids)}
    chosen = Selection(ids, source, retries)
    return plan_run(verb, chosen, by=by, request_id=request_id, retry_of=run)


def _made(request_id: UUID, by: "User") -> BulkRun | None:
    """The plan that this form has made already."""
    run = BulkRun.objects.filter(request_id=request_id).first()
    if run is not None and run.by_id != by.pk:
        raise NotAllowed("This form was sent by somebody else. Open it anew.")
    return run


def _change(
    run: BulkRun, number: int, verb: AnyVerb, draft: Draft[Any], selection: Selection
) -> PlannedChange:
    id_ = UUID(draft.subject.partition(":")[2])
    return PlannedChange(
        run=run,
        number=number,
        kind=verb.kind,
        subject=draft.subject,
        account=draft.account,
        instance=draft.instance,
        wish=draft.wish.as_json() if draft.wish else None,
        before=draft.before,
        rows=[[row.field, row.label, row.before, row.after] for row in draft.rows],
        fingerprint=draft.fingerprint,
        outcome=draft.outcome,
        code=draft.code,
        why=draft.why,
        retry_of=selection.retries.get(id_) if draft.wish else None,
    )


def _remember(run: BulkRun, drafts: Sequence[Draft[Any]], by: "User") -> None:
    """Keep in the audit trail what a person was shown: how many of each, and of what records."""
    outcomes = Counter(str(draft.outcome) for draft in drafts)
    subjects = [draft.subject for draft in drafts]
    audit.record(
        "bulk.planned",
        by=by,
        body={
            "run": run.pk,
            "kind": run.kind,
            "selection": run.selection,
            "retry_of": run.retry_of_id,
            "outcomes": dict(outcomes),
            "subjects": subjects,
        },
    )
