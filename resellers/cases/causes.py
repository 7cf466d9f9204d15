"""The causes of cases: which there are, how many of each and whose, what the team notes on one."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Min
from django.db.models.functions import Now
from django.utils.translation import gettext

from resellers import audit
from resellers.models import Case, CaseKind, CauseNote
from resellers.models.cases import BY_CODE, CaseQuerySet, Cause, cause_of
from resellers.refusals.playbooks import hopeless
from resellers.storable import storable

if TYPE_CHECKING:
    from django.contrib.auth.models import User

__all__ = [
    "Cause",
    "CauseCount",
    "CauseGroup",
    "cause_of",
    "counted",
    "no_use_ordering",
    "notes_of",
    "of_cause",
    "write_note",
]


@dataclass
class CauseCount:
    """The cases of one cause, of one product of it, or of one kind: how many, whose, since when."""

    number: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None
    owners: Counter[int | None] = field(default_factory=Counter)

    def add(
        self, number: int, oldest: datetime | None, newest: datetime | None, owner: int | None
    ) -> None:
        self.number += number
        self.owners[owner] += number
        self.oldest = min(filter(None, (self.oldest, oldest)), default=None)
        self.newest = max(filter(None, (self.newest, newest)), default=None)


@dataclass
class CauseGroup(CauseCount):
    """The cases of one cause; `products` has the parts, by product and its name."""

    cause: Cause = field(default_factory=lambda: Cause(""))
    products: dict[tuple[UUID | None, str], CauseCount] = field(default_factory=dict)


def counted(cases: CaseQuerySet[Case]) -> list[CauseGroup]:
    """The causes of these cases, the pressing kinds first, of each the largest; one statement."""
    rows: Any = cases.with_kind().order_by()
    rows = rows.values_list("kind", "code", "product", "product__name", "owner")
    found: dict[Cause, CauseGroup] = {}
    for kind, code, product, name, owner, number, oldest, newest in rows.annotate(
        number=Count("pk"), oldest=Min("since"), newest=Max("since")
    ):
        cause = Cause(kind, code if kind in BY_CODE else "")
        group = found.setdefault(cause, CauseGroup(cause=cause))
        group.add(number, oldest, newest, owner)
        part = group.products.setdefault((product, name or ""), CauseCount())
        part.add(number, oldest, newest, owner)
    order = {kind.value: place for place, kind in enumerate(CaseKind)}
    return sorted(found.values(), key=lambda one: (order[one.cause.kind], -one.number, one.cause))


def of_cause(cases: CaseQuerySet[Case], cause: Cause) -> CaseQuerySet[Case]:
    """Those of the cases that are of that cause."""
    found = cases.of_kind(cause.kind)
    return found.filter(code=cause.code) if cause.kind in BY_CODE else found


def no_use_ordering(case: Case) -> str:
    """Why its service is not to be ordered again now; empty where it may.

    The case was read `with_kind` and `with_reported`: once Wix was asked, it is for people to say.
    """
    if case.is_reported:  # type: ignore[attr-defined]
        return ""
    return hopeless(*cause_of(case))


# --- what the team notes -------------------------------------------------------------------------


def notes_of(causes: Iterable[Cause]) -> dict[Cause, CauseNote]:
    """What the team noted on these causes; one statement."""
    wanted = set(causes)
    held = CauseNote.objects.filter(code__in={cause.code for cause in wanted}).exclude(text="")
    by_cause = {Cause(note.kind, note.code): note for note in held.select_related("by")}
    return {cause: note for cause, note in by_cause.items() if cause in wanted}


def write_note(cause: Cause, text: str, *, by: "User") -> None:
    """Have that stand with the playbook of the cause, in place of what did; empty for nothing.

    Raises ValueError for a text that is too long.
    """
    text = storable(text).strip()
    if len(text) > CauseNote.LONGEST:
        words = gettext("At most %(most)s characters; this has %(length)s.")
        raise ValueError(words % {"most": CauseNote.LONGEST, "length": len(text)})
    with transaction.atomic():
        before = CauseNote.objects.filter(kind=cause.kind, code=cause.code).first()
        CauseNote.objects.update_or_create(
            kind=cause.kind, code=cause.code, defaults={"text": text, "by": by, "at": Now()}
        )
        body = {**cause._asdict(), "text": text, "before": before.text if before else ""}
        audit.record("cause.noted", by=by, body=body)
