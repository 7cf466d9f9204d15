"""What people do with cases: each verb on one case or on many, each case audited by itself."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from resellers import audit, notify, policy
from resellers.clock import database_now
from resellers.models import Case, CaseEnd, CaseEvent, CaseState
from resellers.models.cases import SAID_BY_PEOPLE, CaseQuerySet
from resellers.storable import storable

from .mentions import mentioned

if TYPE_CHECKING:
    from django.contrib.auth.models import User

AT_A_TIME = 1_000  # cases that are one transaction


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A case that a verb did not fit, and why in words."""

    case: Case
    why: str


@dataclass
class Worked:
    """What a verb did."""

    done: list[Case] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def take(ids: Iterable[int], *, by: "User") -> Worked:
    """Make these cases that person's own."""
    return assign(ids, to=by, by=by)


def assign(ids: Iterable[int], *, to: "User", by: "User") -> Worked:
    """Give these cases to that person. Raises ValueError for one who may not work on them."""
    if not (to.is_active and to.has_perm("resellers.operate")):
        raise ValueError(
            _("%(to)s may not work on cases: choose an operator, a manager or an admin.")
            % {"to": to}
        )
    now = database_now()

    def why_not(case: Case) -> str:
        if case.is_closed:
            return _("It is closed: open it again first.")
        return _("It is %(to)s's already.") % {"to": to} if case.owner_id == to.pk else ""

    kind = CaseEvent.Kind.TAKEN if to == by else CaseEvent.Kind.ASSIGNED
    becomes = {"owner": to, "taken_at": now}
    return _each(ids, kind, why_not, becomes, by=by, body={"to": to.get_username()})


def release(ids: Iterable[int], *, by: "User") -> Worked:
    """Have nobody own these cases."""

    def why_not(case: Case) -> str:
        return _("It is nobody's.") if case.owner_id is None else ""

    return _each(ids, CaseEvent.Kind.RELEASED, why_not, {"owner": None, "taken_at": None}, by=by)


def snooze(ids: Iterable[int], *, until: datetime | None, because: str, by: "User") -> Worked:
    """Put these cases off until then, or until they change where that is None.

    Raises ValueError for a time that is past.
    """
    if until is not None and until <= database_now():
        raise ValueError(_("Choose a time that is still to come."))
    because = _words(because)

    def why_not(case: Case) -> str:
        return _("It is closed: open it again first.") if case.is_closed else ""

    body = {"until": until.isoformat(timespec="seconds") if until else ""}
    becomes = {"state": CaseState.SNOOZED, "snoozed_until": until}
    return _each(ids, CaseEvent.Kind.SNOOZED, why_not, becomes, by=by, words=because, body=body)


def close(ids: Iterable[int], *, end: str, because: str, by: "User") -> Worked:
    """Close these cases for that reason, one of SAID_BY_PEOPLE.

    Raises ValueError for any other reason, and without words for "another reason" and where the
    policy wants them of each.
    """
    if end not in SAID_BY_PEOPLE:
        raise ValueError(_("Choose one of the reasons."))
    because = _words(because)
    if end == CaseEnd.OTHER and not because:
        raise ValueError(_("Say which reason."))
    if not because and policy.closing_wants_reason():
        raise ValueError(_("Say why, for whoever reads this later."))
    now = database_now()

    def why_not(case: Case) -> str:
        return _("It is closed already.") if case.is_closed else ""

    becomes = _standing(CaseState.CLOSED, end=CaseEnd(end), closed_at=now)
    body = {"end": end}
    return _each(ids, CaseEvent.Kind.CLOSED, why_not, becomes, by=by, words=because, body=body)


def reopen(ids: Iterable[int], *, by: "User") -> Worked:
    """Open these cases again: those that were closed or put off."""

    def why_not(case: Case) -> str:
        return _("It is open.") if case.state == CaseState.OPEN else ""

    becomes = _standing(CaseState.OPEN, end="", closed_at=None)
    return _each(ids, CaseEvent.Kind.REOPENED, why_not, becomes, by=by)


def _standing(
    state: CaseState, *, end: CaseEnd | str, closed_at: datetime | None
) -> dict[str, Any]:
    return {"state": state, "end": end, "closed_at": closed_at, "snoozed_until": None}


def note(ids: Iterable[int], text: str, *, by: "User") -> Worked:
    """Write that on these cases. Raises ValueError for an empty or too long text."""
    text = _words(text)
    if not text:
        raise ValueError(_("Write something."))
    return _each(ids, CaseEvent.Kind.NOTE, _fits_any, {}, by=by, words=text)


def reported(ids: Iterable[int], *, by: "User") -> Worked:
    """Note that these cases were reported to Wix."""
    return _each(ids, CaseEvent.Kind.REPORTED, _fits_any, {}, by=by)


def people() -> QuerySet["User"]:
    """Who may work on cases, by username."""
    from django.contrib.auth.models import User

    may = User.objects.with_perm("resellers.operate", is_active=True)
    found: QuerySet[User] = may.order_by("username")
    return found


def pin(event: CaseEvent, *, by: "User") -> None:
    """Have this note head its case. Raises ValueError for what is no note."""
    if event.kind != CaseEvent.Kind.NOTE:
        raise ValueError(_("Only a note can be pinned."))
    _pin(event.case, event, "case.pinned", by)


def unpin(case: Case, *, by: "User") -> None:
    """Have no note head the case."""
    _pin(case, None, "case.unpinned", by)


def _pin(case: Case, event: CaseEvent | None, audited: str, by: "User") -> None:
    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(pinned=event)
        about = _about(case, {"note": event.pk if event else None})
        audit.record_each(audited, [about], by=by)


def _fits_any(case: Case) -> str:
    return ""


def _each(
    ids: Iterable[int],
    kind: CaseEvent.Kind,
    why_not: Callable[[Case], str],
    becomes: Mapping[str, Any],
    *,
    by: "User",
    words: str = "",
    body: dict[str, Any] | None = None,
) -> Worked:
    """Have each of the cases become that; `why_not` says why one is left out. As many statements
    for one as for a thousand.

    A thousand are a transaction: while it lasts nobody else's deeds get into the audit trail.
    """
    worked = Worked()
    body = dict(body or {})
    if names := mentioned(words):
        body["mentions"] = names
    wanted = sorted(set(ids))
    for first in range(0, len(wanted), AT_A_TIME):
        some = wanted[first : first + AT_A_TIME]
        _some(some, kind, why_not, becomes, worked, by=by, words=words, body=body)
    return worked


def _some(
    ids: Sequence[int],
    kind: CaseEvent.Kind,
    why_not: Callable[[Case], str],
    becomes: Mapping[str, Any],
    worked: Worked,
    *,
    by: "User",
    words: str,
    body: dict[str, Any],
) -> None:
    done: list[Case] = []
    with transaction.atomic():
        for case in _locked(ids):
            if why := why_not(case):
                worked.left_out.append(LeftOut(case, why))
            else:
                done.append(case)
        if becomes and done:
            Case.objects.filter(pk__in=[case.pk for case in done]).update(**becomes)
        for case in done:
            for name, value in becomes.items():
                setattr(case, name, value)
        events = [CaseEvent(case=case, kind=kind, by=by, words=words, body=body) for case in done]
        notify.of_events(CaseEvent.objects.bulk_create(events))
        entries = [_about(case, {**body, "words": words}) for case in done]
        audit.record_each(f"case.{kind}", entries, by=by)
    worked.done += done


def _locked(ids: Sequence[int]) -> CaseQuerySet[Case]:
    return Case.objects.filter(pk__in=ids).select_for_update(no_key=True).order_by("id")


def _about(case: Case, body: dict[str, Any]) -> audit.About:
    body = {"case": case.pk, "subject": case.subject, **body}
    return audit.About(case.account_id, case.instance_id, body)


def _words(text: str) -> str:
    """The text as it is kept. Raises ValueError for one that is too long."""
    text = storable(text).strip()
    if len(text) > CaseEvent.LONGEST:
        raise ValueError(
            _("At most %(longest)s characters; this has %(count)s.")
            % {"longest": CaseEvent.LONGEST, "count": len(text)}
        )
    return text
