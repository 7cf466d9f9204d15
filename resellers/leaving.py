"""When somebody leaves: what they hold is a colleague's from then on, and they are out at once.

Nothing of what they did is taken away: their name stays wherever it stands.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from resellers import audit
from resellers.cases import verbs
from resellers.flows import deciding
from resellers.models import Account, BulkRun, Case, Flow
from resellers.people import links, rights, sessions

if TYPE_CHECKING:
    from django.contrib.auth.models import User

UNFINISHED_RUNS = (BulkRun.State.RUNNING, BulkRun.State.PAUSED)
OVER = (Flow.State.DONE, Flow.State.GIVEN_UP)


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much of what is unfinished is one person's."""

    cases: int
    flows: int
    runs: int
    customers: int

    def __bool__(self) -> bool:
        return bool(self.cases or self.flows or self.runs or self.customers)


def holdings(person: "User") -> Holdings:
    """What would be a colleague's if this person left."""
    return Holdings(
        Case.objects.open().filter(owner=person).count(),
        Flow.objects.filter(owner=person).exclude(state__in=OVER).count(),
        BulkRun.objects.filter(by=person, state__in=UNFINISHED_RUNS).count(),
        Account.objects.filter(looked_after_by=person).count(),
    )


def deactivate(person: "User", *, to: "User | None", by: "User") -> None:
    """Let this person in no more, and give what they hold to that colleague.

    Raises LastAdmin, and ValueError for a colleague who may not work on it, or for none where there
    is something to give.
    """
    with transaction.atomic():
        rights.keep_an_admin(without=person)
        held = holdings(person)
        if held:
            _hand_over(person, to, by)
        person.is_active = False
        person.save(update_fields=["is_active"])
        links.revoke(person)
        sessions.end(person, by=by)
        body = {"person": person.get_username(), "to": to.get_username() if to and held else ""}
        audit.record("person.deactivated", by=by, body=body)


def reactivate(person: "User", *, by: "User") -> None:
    """Let this person in again, as before; what was given away stays where it is."""
    with transaction.atomic():
        person.is_active = True
        person.save(update_fields=["is_active"])
        audit.record("person.reactivated", by=by, body={"person": person.get_username()})


def _hand_over(person: "User", to: "User | None", by: "User") -> None:
    if to is None or to == person:
        raise ValueError("nobody to hand over to")
    own = Case.objects.open().filter(owner=person)
    verbs.assign(list(own.values_list("pk", flat=True)), to=to, by=by)
    for flow in Flow.objects.filter(owner=person).exclude(state__in=OVER):
        deciding.hand_to(flow, to, by=by)
    BulkRun.objects.filter(by=person, state__in=UNFINISHED_RUNS).update(by=to)
    Account.objects.filter(looked_after_by=person).update(looked_after_by=to)
