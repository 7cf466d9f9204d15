"""What must hold at Wix where an operation ended in such a state and such words.

An end in words that no line knows is told as well: somebody has to say here what they mean.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .case import Case

# What is wrong, in words; empty where it holds.
Check = Callable[[Case, "re.Match[str]"], str]


def wish_is_true(case: Case, _: "re.Match[str]") -> str:
    return "" if case.could_be_read(case.look.is_true) else "the wish was not true at Wix"


def wish_is_not_true(case: Case, _: "re.Match[str]") -> str:
    """At some moment that the last reading may have shown."""
    found = case.could_be_read(lambda *about: not case.look.is_true(*about))
    return "" if found else "the wish was true at Wix"


def is_as_before(case: Case, _: "re.Match[str]") -> str:
    found = case.could_be_read(case.look.is_as_before)
    return "" if found else "at Wix it was not as before"


def nothing_applied(case: Case, _: "re.Match[str]") -> str:
    return f"Wix carried out {_named(case)}" if case.applied else ""


def nothing_back(case: Case, _: "re.Match[str]") -> str:
    return "a way back was carried out" if case.applied_back else ""


def forward_applied(case: Case, _: "re.Match[str]") -> str:
    return "" if case.applied_forward else "no call of ours had changed anything"


def back_applied(case: Case, _: "re.Match[str]") -> str:
    return "" if case.applied_back else "no call of ours put it back"


def was_refused(case: Case, _: "re.Match[str]") -> str:
    return "" if case.refused else "Wix refused nothing of it"


def something_was_sent(case: Case, _: "re.Match[str]") -> str:
    return "" if any(a["writes"] for a in case.attempts) else "nothing was ever sent"


def sent_so_often(case: Case, match: "re.Match[str]") -> str:
    most = max((steps.count(step) for steps in [_steps(case)] for step in steps), default=0)
    return "" if most >= int(match[1]) else f"it was sent {most} times at most"


def was_answered_so(case: Case, match: "re.Match[str]") -> str:
    answered = {call["status"] for call in case.calls}
    return "" if int(match[1]) in answered else f"Wix never answered {match[1]}"


def has_moved(case: Case, _: "re.Match[str]") -> str:
    found = case.could_be_read(lambda *about: not case.look.is_as_planned(*about))
    return "" if found else "at Wix it was as it had been planned"


def so_many_packages(case: Case, match: "re.Match[str]") -> str:
    name, number = case.row["wish"]["external_id"], int(match[1])
    counts = {len(case.past.packages(name, moment)) for moment in case.when_read()}
    return "" if number in counts else f"there were {sorted(counts)}"


def as_last_read(case: Case, _: "re.Match[str]") -> str:
    """What was concluded from is what Wix had: the words name it."""
    read = case.last_reading
    if read is None:
        return "nothing was ever read"
    if not read["seen"].get("found", True):
        return "Wix had it all the time"
    found = case.could_be_read(lambda *about: case.look.reads(*about, read["seen"]))
    return "" if found else f"Wix never was as it was read: {read['seen']}"


def is_a_fault(case: Case, _: "re.Match[str]") -> str:
    return "a fault of the dashboard"


def _steps(case: Case) -> list[str]:
    return [case.step(call) for call in case.calls]


def _named(case: Case) -> str:
    return " and ".join(f"{case.step(call)} (call {call['n']})" for call in case.applied)


@dataclass(frozen=True, slots=True)
class Line:
    """An end: its state, its words, and what must hold."""

    state: str
    words: "re.Pattern[str]"
    holds: tuple[Check, ...]


def _line(state: str, words: str, *holds: Check) -> Line:
    return Line(state, re.compile(words, re.DOTALL), holds)


DONE, REFUSED, BACK, NONE, PERSON = (
    "succeeded",
    "failed",
    "rolled_back",
    "canceled",
    "needs_attention",
)
LINES = (
    _line(DONE, r"Wix shows it\.", wish_is_true, something_was_sent),
    _line(DONE, r"It was true already; nothing was sent\.", wish_is_true, nothing_applied),
    _line(
        DONE,
        r"Wix shows it, though it refused our call: that was others' doing\.",
        *(wish_is_true, was_refused, nothing_applied),
    ),
    _line(REFUSED, r".+ Nothing was changed\.", was_refused, nothing_applied),
    _line(
        REFUSED,
        r".+ Nothing was changed\. In between Wix showed .+, which no call of ours had done\.",
        *(was_refused, nothing_applied),
    ),
    _line(
        REFUSED,
        r".+ No call of ours changed anything\. Changed by others meanwhile: Wix shows .+\.",
        *(was_refused, nothing_applied, has_moved),
    ),
    _line(
        REFUSED,
        r".+ A call of ours had changed it, and none put it back\. .+",
        *(was_refused, forward_applied, nothing_back),
    ),
    _line(REFUSED, r".+ Nothing was sent\.", nothing_applied),
    _line(
        REFUSED,
        r".+ Before that Wix had refused our call, so no call of ours changed anything\.",
        *(was_refused, nothing_applied),
    ),
    _line(
        BACK,
        r".+ It was put back, and Wix shows it (?:where|as) it was\.(?: A domain .+)?",
        *(was_refused, forward_applied, back_applied, is_as_before),
    ),
    _line(
        BACK,
        r".+ It was put back, .+ Changed by others meanwhile: Wix shows .+\.",
        *(was_refused, forward_applied, back_applied, has_moved),
    ),
    _line(
        NONE,
        r"The \w+ had changed at Wix since the plan was shown, so nothing was sent\. .+",
        *(nothing_applied, has_moved),
    ),
    _line(
        NONE,
        r"Wix has a package under this external id by now, so nothing was ordered\.",
        *(nothing_applied, has_moved),
    ),
    _line(NONE, r"Withdrawn by .+ before anything was sent\.", nothing_applied),
    _line(PERSON, r"Sent (\d+) times; Wix does not show it\.", wish_is_not_true, sent_so_often),
    _line(
        PERSON,
        r"Wix answers (\d+) to every try, and does not show it\.",
        *(wish_is_not_true, was_answered_so),
    ),
    _line(PERSON, r"There are (\d+) packages under this external id, .+", so_many_packages),
    _line(
        PERSON,
        r"Wix refused(?: the new site,| it,) and then the (?:way back too|old one: .+)\.",
        *(was_refused, forward_applied, nothing_back),
    ),
    _line(PERSON, r"Looked again: it is not true yet\.", wish_is_not_true),
    _line(PERSON, r"Wix has been answering for long, .+", wish_is_not_true),
    _line(PERSON, r"Wix does not let us read .+, so nobody can say .+", something_was_sent),
    _line(PERSON, r"A fault of the dashboard stopped it .+", is_a_fault),
    _line(PERSON, r"It was begun again and again, .+"),
    _line(
        PERSON,
        r"(?:The (?:service|package|domain) |Its delivery failed|A delivery failed|Wix (?:no longer"
        r" shows|refused, and yet)).+",
        as_last_read,
    ),
)


def wrongs(case: Case) -> Iterator[str]:
    """What does not hold of what the operation's end says."""
    row = case.row
    # What a person ended keeps the words with which it came to that person.
    state = PERSON if row["settled_by_id"] else row["state"]
    for line in LINES:
        if line.state == state and (match := line.words.fullmatch(row["outcome"])):
            for check in line.holds:
                if wrong := check(case, match):
                    yield f"it ended as {row['state']}: “{row['outcome']}”, but {wrong}"
            return
    yield f"no line of the table knows such an end: {row['state']}: “{row['outcome']}”"
