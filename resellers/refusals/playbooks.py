"""What to do about a cause of failure cases, step by step: who acts, and what comes after what.

Pure words; whether a step is done is told by who knows the case.
"""

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy

from resellers.texts import Text

from . import CATALOGUE, explain, explain_failure, explain_status
from .words import Explanation, Who

# By these it is told whether a step is done.
ORDER_AGAIN, WAIT, REPORT, TELL, LOOK, DECIDE, ASK_ANEW = (
    *("order_again", "wait", "report", "tell", "look", "decide", "ask_anew"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Playbook:
    """What a cause is called and means, who acts, and the steps."""

    title: str
    words: str
    who: Who
    steps: tuple[Step, ...]

    def __contains__(self, key: object) -> bool:
        return any(step.key == key for step in self.steps)


def playbook(kind: str, code: str) -> Playbook:
    """The playbook of cases of that kind, a word of CaseKind, and code."""
    match kind:
        case "failed":
            return _failed(explain_failure(code))
        case "stuck":
            return _stuck(code)
        case "refused":
            return _refused(code)
        case "flow":
            return _flow(code)
    return _OTHERS[kind]()


def hopeless(kind: str, code: str) -> str:
    """Why ordering again is of no use before Wix was asked; empty where it may help."""
    known = explain_failure(code) if kind == "failed" else None
    return f"{known.words} {known.next_step}" if known and known.who == "wix" else ""


def _report() -> Step:
    return Step(REPORT, gettext("Report it to Wix B2B"))


def _tell() -> Step:
    return Step(TELL, gettext("Tell the customer"))


def _failed(known: Explanation) -> Playbook:
    again = Step(ORDER_AGAIN, gettext("Order it again, on the same site"))
    wait = Step(WAIT, gettext("Wait for delivery"))
    twice = Step(REPORT, gettext("Failed twice? Report it to Wix B2B"))
    steps = (_report(), again, wait, _tell()) if known.who == "wix" else (again, wait, twice)
    return Playbook(known.name, str(known.words), known.who, steps)


def _stuck(status: str) -> Playbook:
    known = explain_status(status)
    look = Step(LOOK, gettext("Read it from Wix again"))
    if status == "AWAITING_ACTION":
        due = Step(LOOK, gettext("Find out what is due; Wix does not say it"))
        wait = Step(WAIT, gettext("Snooze it until it changes"))
        title = gettext("Waiting for the customer")
        return Playbook(title, str(known.meaning), "customer", (due, _tell(), wait))
    title = gettext("Pending longer than usual")
    words = gettext("Ordered, and not usable for longer than its like takes.")
    return Playbook(title, words, "wix", (look, _report(), _tell()))


def _refused(code: str) -> Playbook:
    known = explain(code)
    steps = [Step(DECIDE, str(known.next_step))]
    if "wix" in known.remedies or known.who == "wix":
        steps.append(_report())
    steps.append(Step(ASK_ANEW, gettext("Ask for it anew, or close the case")))
    title = known.name or gettext("Not carried out")
    return Playbook(title, str(known.words), known.who, tuple(steps))


def _flow(code: str) -> Playbook:
    steps = [
        Step(LOOK, gettext("See on its page what stopped it")),
        Step(DECIDE, gettext("Try the step again, decide on its operation, or give it up")),
    ]
    known = CATALOGUE.get(code)
    if known is None:
        title, words = _STOPS.get(code, (_STOPPED, _SAYS_WHY))
        return Playbook(str(title), str(words), "we", tuple(steps))
    if "wix" in known.remedies or known.who == "wix":
        steps.insert(1, _report())
    steps.insert(0, Step(DECIDE, str(known.next_step)))
    title = gettext("A flow has stopped: %(cause)s") % {"cause": known.name}
    return Playbook(title, str(known.words), known.who, tuple(steps))


def _attention() -> Playbook:
    return Playbook(
        gettext("Outcome unknown"),
        gettext("The dashboard cannot say how a change ended, or cannot mend it."),
        "we",
        (
            Step(LOOK, gettext("See what Wix shows now")),
            Step(DECIDE, gettext("Decide: try again, or say how it ended")),
        ),
    )


def _registration() -> Playbook:
    return Playbook(
        gettext("Registration past 48 hours"),
        gettext("Wix tries for 48 hours to register a domain; these are past."),
        "wix",
        (_report(), _tell()),
    )


def _drifted() -> Playbook:
    return Playbook(
        gettext("A change is true no more"),
        gettext("What was carried out and read back was found otherwise later."),
        "we",
        (
            Step(LOOK, gettext("See who changed it, and whether it was wanted")),
            Step(ASK_ANEW, gettext("Ask for it anew, or close the case")),
        ),
    )


def _reading() -> Playbook:
    return Playbook(
        gettext("Wix cannot be read"),
        gettext("Readings by schedule fail: what is shown may be older than it should be."),
        "we",
        (
            Step(LOOK, gettext("See on the page of readings what Wix answers")),
            Step(REPORT, gettext("Where it lasts, report it to Wix B2B")),
        ),
    )


_STOPPED = gettext_lazy("A flow has stopped")
_SAYS_WHY = gettext_lazy("It went otherwise than it should; its page says how.")
# Codes of flows' own for what stops them, by title and meaning.
_STOPS: dict[str, tuple[Text, Text]] = {
    "too_long": (
        gettext_lazy("A flow waited for too long"),
        gettext_lazy("What it waited for did not come in its time."),
    ),
    "crashed": (
        gettext_lazy("A flow met a fault of the dashboard"),
        gettext_lazy("It stands as it stood before; the log has the fault."),
    ),
    "NOT_ALLOWED": (
        gettext_lazy("A flow's owner may not do its next step"),
        gettext_lazy("It goes on once somebody owns it who may."),
    ),
    "FAILED_REGISTRATION": (
        gettext_lazy("The registry refused a domain"),
        gettext_lazy("Mostly what is written of the registrant is not true."),
    ),
    "DOMAIN_CANCELED": (
        gettext_lazy("A domain was canceled before it worked"),
        gettext_lazy("It can be redeemed for a while, by Wix alone."),
    ),
    "ICANN_EXPIRED": (
        gettext_lazy("Nobody answered ICANN's mail about a domain"),
        gettext_lazy("A domain whose registrant does not answer is taken from the net."),
    ),
    "DNS_FAILED": (
        gettext_lazy("A domain is not found in the net"),
        gettext_lazy("Its records are not as they are to be, or Wix does not serve it."),
    ),
    "CONTACT_GONE": (
        gettext_lazy("The contact of a domain was erased"),
        gettext_lazy("Nothing is registered before another one is chosen."),
    ),
    "SITE_MOVED": (
        gettext_lazy("A flow's site belongs to another customer"),
        gettext_lazy("It was moved since the flow was begun."),
    ),
}
_OTHERS = {
    "attention": _attention,
    "registration": _registration,
    "drifted": _drifted,
    "reading": _reading,
}
