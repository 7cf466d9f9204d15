"""Lies to be planted in a round's evidence, each with what the judge has to say of it.

A lie is planted where the evidence has something that it can be told of; `plant` then returns True.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from .evidence import Evidence, Row
from .judge import judge

Plant = Callable[[Evidence], bool]


@dataclass(frozen=True, slots=True)
class Lie:
    """What is false, how it is planted, and a part of what has to be said of it."""

    name: str
    plant: Plant
    found_as: str


def unnoticed(evidence: Evidence) -> tuple[list[str], list[str]]:
    """Plant each lie in a copy of its own: the names of those that were planted, and of those that
    the judge did not notice."""
    before, planted, missed = set(judge(evidence)), [], []
    for lie in LIES:
        copy = evidence.copy()
        if not lie.plant(copy):
            continue
        planted.append(lie.name)
        if not any(lie.found_as in line for line in set(judge(copy)) - before):
            missed.append(lie.name)
    return planted, missed


# --- where to plant ------------------------------------------------------------------------------


def _operations(evidence: Evidence, state: str, words: str = "") -> Iterator[Row]:
    for row in evidence.operations:
        is_such = row["state"] == state and words in row["outcome"] and not row["settled_by_id"]
        if is_such and not row["drifted_at"]:
            yield row


def _calls(evidence: Evidence, row: Row, effect: str) -> list[Row]:
    key = f"{row['request_id']}:"
    ours = [c for c in evidence.journal if (c["idempotency_key"] or "").startswith(key)]
    return [call for call in ours if call["effect"] == effect]


def _applied(evidence: Evidence) -> Iterator[tuple[Row, Row]]:
    """A success of ours, and a call of it that changed something."""
    for row in _operations(evidence, "succeeded", "Wix shows it."):
        for call in _calls(evidence, row, "applied")[:1]:
            yield row, call


def _refused(evidence: Evidence) -> Iterator[tuple[Row, Row]]:
    for row in _operations(evidence, "failed", "Nothing was changed."):
        for call in _calls(evidence, row, "refused")[:1]:
            yield row, call


def _quiet_service(evidence: Evidence) -> str | None:
    """A service on a site that nobody touched."""
    touched = {row["instance_id"] for row in evidence.operations}
    touched |= {act["service"] for act in evidence.acts}
    for record, fields in evidence.true.items():
        is_one = record.startswith("service ") and record.partition(" ")[2] not in touched
        if is_one and fields["site"] and fields["status"] == "ENABLED":
            return record
    return None


def _becomes(evidence: Evidence, record: str, since: int, **fields: Any) -> None:
    """It became so at Wix at that moment and stays so, and the mirror shows that."""
    now = evidence.true[record] | fields
    evidence.true[record] = now
    evidence.mirrored[record] = dict(now)
    before = [version for version in evidence.history[record] if version[0] < since]
    evidence.history[record] = [*before, (since, dict(now))]


def _set_end(row: Row, state: str, outcome: str) -> bool:
    row["state"], row["outcome"] = state, outcome
    return True


# --- of ends -------------------------------------------------------------------------------------


def _failure_as_success(evidence: Evidence) -> bool:
    for row, _ in _refused(evidence):
        return _set_end(row, "succeeded", "Wix shows it.")
    return False


def _success_as_failure(evidence: Evidence) -> bool:
    for row, _ in _applied(evidence):
        return _set_end(row, "failed", "Wix refused it. Nothing was changed.")
    return False


def _refusal_that_did_something(evidence: Evidence) -> bool:
    for _, call in _refused(evidence):
        call["effect"] = "applied"
        return True
    return False


def _put_back_by_nobody(evidence: Evidence) -> bool:
    for row, _ in _refused(evidence):
        words = "Wix refused it. It was put back, and Wix shows it where it was."
        return _set_end(row, "rolled_back", words)
    return False


def _hidden_way_back(evidence: Evidence) -> bool:
    for row in _operations(evidence, "rolled_back"):
        return _set_end(row, "failed", "Wix refused it. Nothing was changed.")
    return False


def _true_already(evidence: Evidence) -> bool:
    for row, _ in _applied(evidence):
        return _set_end(row, "succeeded", "It was true already; nothing was sent.")
    return False


def _others_accused(evidence: Evidence) -> bool:
    for row, _ in _refused(evidence):
        words = "Changed by others meanwhile: Wix shows Site none."
        return _set_end(row, "failed", f"It is taken. No call of ours changed anything. {words}")
    return False


def _plan_that_moved(evidence: Evidence) -> bool:
    for row, _ in _refused(evidence):
        if row["instance_id"]:
            words = "The service had changed at Wix since the plan was shown, so nothing was sent."
            return _set_end(row, "canceled", f"{words} Look at it and ask anew.")
    return False


def _one_too_many(evidence: Evidence) -> bool:
    for row, _ in _applied(evidence):
        if row["kind"] == "create_package":
            words = "There are 2 packages under this external id, 12345678 and 23456789."
            return _set_end(row, "needs_attention", f"{words} Cancel the one that is too many.")
    return False


def _unseen_success(evidence: Evidence) -> bool:
    for row, _ in _applied(evidence):
        return _set_end(row, "needs_attention", "Sent 3 times; Wix does not show it.")
    return False


def _third_site(evidence: Evidence) -> bool:
    for row, _ in _refused(evidence):
        read = [a for a in evidence.attempts if a["operation_id"] == row["id"] and a["seen"]]
        if row["instance_id"] and read:
            read[-1]["seen"] = read[-1]["seen"] | {"site_id": str(uuid4())}
            words = "The service is on a third site, which nobody here asked for."
            return _set_end(row, "needs_attention", words)
    return False


def _new_words(evidence: Evidence) -> bool:
    for row, _ in _applied(evidence):
        return _set_end(row, "succeeded", "All is well.")
    return False


def _left_open(evidence: Evidence) -> bool:
    for row, _ in _applied(evidence):
        return _set_end(row, "confirming", "")
    return False


def _orphan_lease(evidence: Evidence) -> bool:
    for row, _ in _applied(evidence):
        row["lease_until"] = row["finished_at"]
        return True
    return False


def _end_not_audited(evidence: Evidence) -> bool:
    for row, _ in _applied(evidence):
        evidence.audit = [
            entry
            for entry in evidence.audit
            if (entry["operation_id"], entry["event"]) != (row["id"], "operation.succeeded")
        ]
        return True
    return False


# --- of calls ------------------------------------------------------------------------------------


def _doubled(evidence: Evidence) -> bool:
    for _, call in _applied(evidence):
        evidence.journal.append(call | {"n": evidence.journal[-1]["n"] + 1})
        return True
    return False


def _without_attempt(evidence: Evidence) -> bool:
    for _, call in _applied(evidence):
        key = call["idempotency_key"]
        evidence.attempts = [a for a in evidence.attempts if a["idempotency_key"] != key]
        return True
    return False


def _attempt_too_late(evidence: Evidence) -> bool:
    for row, call in _applied(evidence):
        for attempt in evidence.attempts:
            if attempt["idempotency_key"] == call["idempotency_key"]:
                attempt["sent_at"] = row["finished_at"]
                call["at"] = row["requested_at"]
                return True
    return False


# --- of what stands at Wix -----------------------------------------------------------------------


def _second_package(evidence: Evidence) -> bool:
    for row, _ in _applied(evidence):
        record = f"package {row['package_id']}"
        if row["kind"] == "create_package" and record in evidence.true:
            copy = f"package {uuid4()}"
            for records in (evidence.true, evidence.mirrored):
                records[copy] = dict(records[record])
            return True
    return False


def _silent_floating(evidence: Evidence) -> bool:
    record = _quiet_service(evidence)
    if record:
        _becomes(evidence, record, evidence.until - 1, site="")
    return bool(record)


def _hidden_drift(evidence: Evidence) -> bool:
    for row, _ in _applied(evidence):
        record = f"service {row['instance_id']}"
        alone = sum(one["instance_id"] == row["instance_id"] for one in evidence.operations) == 1
        if alone and row["kind"] == "reassign" and record in evidence.true:
            since = evidence.history[record][-1][0] + 1
            _becomes(evidence, record, since, site=row["before"]["site_id"])
            row["settle_at"] = None
            return True
    return False


def _drift_invented(evidence: Evidence) -> bool:
    for row, _ in _applied(evidence):
        row["drifted_at"] = row["finished_at"]
        return True
    return False


def _mirror_changed(evidence: Evidence) -> bool:
    record = _quiet_service(evidence)
    if record:
        evidence.mirrored[record] = evidence.mirrored[record] | {"status": "PENDING"}
    return bool(record)


def _mirror_lost_one(evidence: Evidence) -> bool:
    record = _quiet_service(evidence)
    if record:
        del evidence.mirrored[record]
    return bool(record)


# --- of changes, readings, clicks and pages ------------------------------------------------------


def _change_that_was_none(evidence: Evidence) -> bool:
    record = _quiet_service(evidence)
    if record:
        change = {"at": None, "package_id": None, "instance_id": record.partition(" ")[2]}
        change |= {"field": "status", "old": "ENABLED", "new": "PENDING", "operation_id": None}
        evidence.changes.append(change)
    return bool(record)


def _signed_by_who_did_nothing(evidence: Evidence) -> bool:
    for row, _ in _refused(evidence):
        for change in evidence.changes:
            change["operation_id"] = row["id"]
            return True
    return False


def _ours_as_theirs(evidence: Evidence) -> bool:
    applied = {row["id"] for row, _ in _applied(evidence)}
    for change in evidence.changes:
        if change["field"] in ("site", "product") and change["operation_id"] in applied:
            change["operation_id"] = None
            return True
    return False


def _reading(evidence: Evidence, **fields: str) -> bool:
    for run in evidence.runs:
        run.update(fields)
        return True
    return False


def _lost_click(evidence: Evidence) -> bool:
    click = {"request_id": str(uuid4()), "answer": "recorded", "status": 200}
    evidence.clicks.append(click)
    return True


def _refused_and_recorded(evidence: Evidence) -> bool:
    for row, _ in _applied(evidence):
        click = {"request_id": row["request_id"], "answer": "refused", "status": 422}
        evidence.clicks.append(click)
        return True
    return False


def _other_page(evidence: Evidence) -> bool:
    for row, _ in _refused(evidence):
        evidence.pages[str(row["id"])] = "Succeeded. Wix shows it."
        return True
    return False


LIES = (
    Lie("a failure told as a success", _failure_as_success, "the wish was not true"),
    Lie("a success told as a failure", _success_as_failure, "Wix carried out"),
    Lie("a refusal that did something", _refusal_that_did_something, "Wix carried out"),
    Lie("put back by nobody", _put_back_by_nobody, "no call of ours"),
    Lie("a way back that is not told", _hidden_way_back, "Wix carried out"),
    Lie("what we did told as true already", _true_already, "Wix carried out"),
    Lie("others accused", _others_accused, "as it had been planned"),
    Lie("a plan that did not move", _plan_that_moved, "as it had been planned"),
    Lie("one package called two", _one_too_many, "but there were"),
    Lie("a success that Wix does not show", _unseen_success, "but it was sent"),
    Lie("a place where it never was", _third_site, "Wix never was as it was read"),
    Lie("words that nobody knows", _new_words, "no line of the table knows"),
    Lie("an operation left open", _left_open, "it was left confirming"),
    Lie("an orphan lease", _orphan_lease, "an orphan lease"),
    Lie("an end that is not audited", _end_not_audited, "0 audit entries"),
    Lie("a doubled effect", _doubled, "was applied 2 times"),
    Lie("an effect without an attempt", _without_attempt, "without an attempt"),
    Lie("an attempt after its call", _attempt_too_late, "before its attempt was committed"),
    Lie("a second package", _second_package, "has become 2 packages"),
    Lie("a silent floating", _silent_floating, "floats, and nothing says so"),
    Lie("a drift that is not told", _hidden_drift, "nobody was told"),
    Lie("a drift that was none", _drift_invented, "is said to be true no more"),
    Lie("a mirror row changed", _mirror_changed, "the mirror shows status"),
    Lie("a mirror row lost", _mirror_lost_one, "the mirror has no service"),
    Lie("a change that was none", _change_that_was_none, "which was never so"),
    Lie("a change signed by who did nothing", _signed_by_who_did_nothing, "changed nothing"),
    Lie("our change told as others'", _ours_as_theirs, "and it was ours"),
    Lie("a reading left running", lambda e: _reading(e, state="running"), "was left running"),
    Lie(
        "a reading that failed without a word",
        lambda e: _reading(e, state="failed", error=""),
        "failed without a word",
    ),
    Lie(
        "a reading that failed by our own fault",
        lambda e: _reading(e, state="failed", error="The database does not answer."),
        "no fault of Wix",
    ),
    Lie("a confirmation that was lost", _lost_click, "and 0 operations came of it"),
    Lie("a refusal that was recorded", _refused_and_recorded, "recorded all the same"),
    Lie("a page that says otherwise", _other_page, "does not say"),
)
