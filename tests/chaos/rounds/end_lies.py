"""Lies about how operations ended, and about their calls."""

from uuid import uuid4

from .evidence import Evidence
from .planting import Lie, effects, operations, refusals, set_end


def _failure_as_success(evidence: Evidence) -> bool:
    for row, _ in refusals(evidence):
        return set_end(row, "succeeded", "Wix shows it.")
    return False


def _success_as_failure(evidence: Evidence) -> bool:
    for row, _ in effects(evidence):
        return set_end(row, "failed", "Wix refused it. Nothing was changed.")
    return False


def _refusal_that_did_something(evidence: Evidence) -> bool:
    for _, call in refusals(evidence):
        call["effect"] = "applied"
        return True
    return False


def _put_back_by_nobody(evidence: Evidence) -> bool:
    for row, _ in refusals(evidence):
        words = "Wix refused it. It was put back, and Wix shows it where it was."
        return set_end(row, "rolled_back", words)
    return False


def _hidden_way_back(evidence: Evidence) -> bool:
    for row in operations(evidence, "rolled_back"):
        return set_end(row, "failed", "Wix refused it. Nothing was changed.")
    return False


def _true_already(evidence: Evidence) -> bool:
    for row, _ in effects(evidence):
        return set_end(row, "succeeded", "It was true already; nothing was sent.")
    return False


def _others_accused(evidence: Evidence) -> bool:
    for row, _ in refusals(evidence):
        words = "Changed by others meanwhile: Wix shows Site none."
        return set_end(row, "failed", f"It is taken. No call of ours changed anything. {words}")
    return False


def _plan_that_moved(evidence: Evidence) -> bool:
    for row, _ in refusals(evidence):
        if row["instance_id"]:
            words = "The service had changed at Wix since the plan was shown, so nothing was sent."
            return set_end(row, "canceled", f"{words} Look at it and ask anew.")
    return False


def _one_too_many(evidence: Evidence) -> bool:
    for row, _ in effects(evidence):
        if row["kind"] == "create_package":
            words = "There are 2 packages under this external id, 12345678 and 23456789."
            return set_end(row, "needs_attention", f"{words} Cancel the one that is too many.")
    return False


def _unseen_success(evidence: Evidence) -> bool:
    for row, _ in effects(evidence):
        return set_end(row, "needs_attention", "Sent 3 times; Wix does not show it.")
    return False


def _third_site(evidence: Evidence) -> bool:
    for row, _ in refusals(evidence):
        read = [a for a in evidence.attempts if a["operation_id"] == row["id"] and a["seen"]]
        if row["instance_id"] and read:
            read[-1]["seen"] = read[-1]["seen"] | {"site_id": str(uuid4())}
            words = "The service is on a third site, which nobody here asked for."
            return set_end(row, "needs_attention", words)
    return False


def _new_words(evidence: Evidence) -> bool:
    for row, _ in effects(evidence):
        return set_end(row, "succeeded", "All is well.")
    return False


def _left_open(evidence: Evidence) -> bool:
    for row, _ in effects(evidence):
        return set_end(row, "confirming", "")
    return False


def _orphan_lease(evidence: Evidence) -> bool:
    for row, _ in effects(evidence):
        row["lease_until"] = row["finished_at"]
        return True
    return False


def _end_not_audited(evidence: Evidence) -> bool:
    for row, _ in effects(evidence):
        evidence.audit = [
            entry
            for entry in evidence.audit
            if (entry["operation_id"], entry["event"]) != (row["id"], "operation.succeeded")
        ]
        return True
    return False


def _doubled(evidence: Evidence) -> bool:
    for _, call in effects(evidence):
        evidence.journal.append(call | {"n": evidence.journal[-1]["n"] + 1})
        return True
    return False


def _without_attempt(evidence: Evidence) -> bool:
    for _, call in effects(evidence):
        key = call["idempotency_key"]
        evidence.attempts = [a for a in evidence.attempts if a["idempotency_key"] != key]
        return True
    return False


def _attempt_too_late(evidence: Evidence) -> bool:
    for row, call in effects(evidence):
        for attempt in evidence.attempts:
            if attempt["idempotency_key"] == call["idempotency_key"]:
                attempt["sent_at"] = row["finished_at"]
                call["at"] = row["requested_at"]
                return True
    return False


OF_ENDS = (
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
)
