"""What heads an operation's page: how it stands, what it meant, and where to go on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.actions.reassign import ReassignForm
from dashboard.components.values import counted
from dashboard.records.operation_log import OperationLog
from resellers.durations import span
from resellers.models import (
    Account,
    Operation,
    OperationAttempt,
    OperationState,
    Package,
    ProductInstance,
    Site,
)
from resellers.models.states import REPEATABLE_STATES
from resellers.operations.kinds import KINDS
from resellers.operations.preflight import Preflight
from resellers.operations.titles import is_still_true, operation_title, outcome_sentence
from resellers.operations.wish import Thing
from resellers.refusals import explain_state

from .steps import Step, steps_of
from .touched import touched_by, touched_records

SHORTEST = 0.1  # of a gap, in seconds: what is told by a number
NOUNS: dict[type[Thing], tuple[str, str]] = {
    ProductInstance: ("service", "layers"),
    Package: ("package", "box"),
    Site: ("site", "window"),
    Account: ("customer", "people"),
}


@dataclass(frozen=True, slots=True)
class WayOn:
    """A record to go on to: what the button says, its icon, the record's name and address."""

    words: str
    icon: str
    name: str
    link: str


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A service that stays on the site that another one left, and the form that moves it too."""

    name: str
    site: str
    link: str


class Outcome:
    """One operation as its page tells it first."""

    def __init__(self, log: OperationLog, preflight: Preflight) -> None:
        self.log = log
        self.preflight = preflight
        self.operation = log.operation
        self.sentence = outcome_sentence(log.operation, is_in_doubt=log.is_in_doubt)
        self.tone = explain_state(log.operation.state, log.operation.ending).tone
        self._records = touched_records(log.operation)
        self.ways_on = list(self._ways_on())
        services = [one for one in self._records if isinstance(one, ProductInstance)]
        is_over = log.operation.finished_at is not None
        # Where a button leads to each of them, a list would say the same again.
        self.touched = touched_by(log.operation) if is_over and len(services) > 1 else None

    @property
    def steps(self) -> list[Step]:
        """What it takes, ticked off as far as it is."""
        return steps_of(self.log)

    @property
    def after(self) -> str:
        """What stands beside the wish: that it is so `after`, or was `wanted` and did not come."""
        undone = (*REPEATABLE_STATES, OperationState.NEEDS_ATTENTION)
        return "wanted" if self.operation.state in undone else "after"

    @property
    def after_tone(self) -> str:
        """How the wish is marked: `good` where it is true, `wanted` where it did not come."""
        is_true = self.operation.state == OperationState.SUCCEEDED and not self.operation.drifted_at
        return "good" if is_true else "wanted" if self.after == "wanted" else ""

    @property
    def took(self) -> str:
        """How long it took: `done in 8 s`; of one that has not ended nothing."""
        words = "done" if self.operation.state == OperationState.SUCCEEDED else "ended"
        if self.operation.finished_at is None:
            return ""
        return _("%(words)s in %(span)s") % {
            "words": words,
            "span": span(max(self.log.elapsed, timedelta(seconds=1))),
        }

    @property
    def meant(self) -> list[tuple[str, str]]:
        """What it meant for the customer, each with its icon; nothing where nobody noticed."""
        return list(self._meant())

    @cached_property
    def left_behind(self) -> list[LeftBehind]:
        """The domains that a moved service left on its old site, and where each is moved as well;
        nothing once the service has moved on."""
        operation, before = self.operation, self.operation.before.get("site_id")
        if operation.kind != ReassignForm.kind or not before or not is_still_true(operation):
            return []
        related = ("product", "site", "package", "account")
        there = ProductInstance.objects.live().filter(site=before).select_related(*related)
        domains = [one for one in there if one.product.is_domain]
        query = f"?{urlencode({ReassignForm.target: str(operation.site_id)})}"
        return [
            LeftBehind(str(one.product), str(one.site), f"{ReassignForm.path(one)}{query}")
            for one in domains
            if self.preflight.of(ReassignForm.kind, one).may
        ]

    @property
    def calls(self) -> str:
        """How many calls it took: `7 calls to Wix, all answered`."""
        attempts = self.log.attempts
        in_flight = attempts[-1:] if self.operation.is_open else []
        lost = sum(
            attempt.state in OperationAttempt.IN_DOUBT
            for attempt in attempts
            if attempt not in in_flight or attempt.state == OperationAttempt.State.UNKNOWN
        )
        if not attempts:
            return _("no call to Wix")
        words = _("%(calls)s, all answered")
        if lost:
            words = _("%(calls)s, %(lost)s without an answer")
        calls = counted(len(attempts), "call to Wix", "calls to Wix")
        return words % {"calls": calls, "lost": lost}

    def _meant(self) -> Iterator[tuple[str, str]]:
        operation, kind = self.operation, KINDS.get(self.operation.kind)
        if operation.outage_seconds is not None:
            yield "clock", self._gap(operation.outage_seconds)
        if operation.state != OperationState.SUCCEEDED or operation.settled_by_id:
            return
        for words in kind.meant(operation) if kind else ():
            yield "globe", words
        if operation.drifted_at or operation.doubted_at or operation.drift_ended_at:
            return
        if operation.settle_at:
            at = timezone.localtime(operation.settle_at)
            yield (
                "eye",
                _("Wix is read once more at %(time)s, to see whether it stays so.")
                % {"time": f"{at:%H:%M:%S}"},
            )
        elif is_still_true(operation):
            yield "eye", _("No reading since has shown anything else.")

    def _gap(self, seconds: float) -> str:
        """`The service was on no site for 4.0 s, from 10:41:09 to 10:41:13.`"""
        gap, opens = self.log.gap, self.log.kind.opens_gap if self.log.kind else ""
        length = _("less than 0.1") if seconds < SHORTEST else f"{seconds:.1f}"
        words = _("%(upper)s%(gap)s for %(length)s s") % {
            "upper": gap[:1].upper(),
            "gap": gap[1:],
            "length": length,
        }
        taken = OperationAttempt.MAYBE_CARRIED_OUT
        writes = [a for a in self.log.attempts if a.writes and a.state in taken]
        left = next((a.answered_at for a in writes if a.step == opens and a.answered_at), None)
        if left is None:
            return f"{words}."
        from_, to = (timezone.localtime(t) for t in (left, left + timedelta(seconds=seconds)))
        if seconds < 1:
            return _("%(words)s, at %(time)s.") % {"words": words, "time": f"{from_:%H:%M:%S}"}
        return _("%(words)s, from %(from)s to %(to)s.") % {
            "words": words,
            "from": f"{from_:%H:%M:%S}",
            "to": f"{to:%H:%M:%S}",
        }

    def _ways_on(self) -> Iterator[WayOn]:
        """One for each noun among the records that it was about: of customers to the last."""
        found = {self._noun(record): record for record in reversed(self._records)}
        customers = [record for record in self._records if isinstance(record, Account)]
        found["customer"] = customers[-1] if customers else self.operation.account
        order = {**dict.fromkeys(map(self._noun, self._records)), "customer": None}
        for noun in order:
            record = found[noun]
            name = str(record.product if isinstance(record, ProductInstance) else record)
            yield WayOn(
                _("Open %(noun)s") % {"noun": noun},
                NOUNS[type(record)][1],
                name,
                record.get_absolute_url(),
            )

    @staticmethod
    def _noun(record: Thing) -> str:
        return NOUNS[type(record)][0]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The operation before or after this one, by its title."""

    title: str
    link: str


def neighbours(operation: Operation) -> tuple[Neighbour | None, Neighbour | None]:
    """The operations asked for just before this one and just after it."""
    related = ("account", "instance__product", "package", "site")
    others = Operation.objects.select_related(*related)
    before = others.filter(pk__lt=operation.pk).order_by("-pk").first()
    after = others.filter(pk__gt=operation.pk).order_by("pk").first()
    return _neighbour(before), _neighbour(after)


def _neighbour(operation: Operation | None) -> Neighbour | None:
    if operation is None:
        return None
    link = reverse("operation_page", args=[operation.pk])
    return Neighbour(f"#{operation.pk} {operation_title(operation)}", link)
