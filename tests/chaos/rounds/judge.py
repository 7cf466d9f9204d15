"""Whether everything that a round left behind is true. What is not is told, a line each.

Judged from the evidence alone, so that a judgement can be passed again, and the judge be judged.
"""

from collections import Counter
from collections.abc import Iterator

from resellers.sandbox.gateway.corruption import UNKNOWN_VALUES
from tests import truth

from . import words
from .authors import wrong_authors
from .case import Case, Files
from .evidence import Evidence, Row
from .world_history import WorldHistory, milliseconds

AT_REST = ("succeeded", "failed", "rolled_back", "canceled", "needs_attention")
OPEN_RUNS = ("queued", "running")
REPEATED = "operation.repeated_write_suspected"
# What a call may show that no document names, and that was never so.
NEVER_SO = {*UNKNOWN_VALUES.values(), "ON_DEMAND", "LOST_IN_TRANSIT"}
# How a reading says that it failed for a fault of ours, or of our servers.
OUR_FAULTS = ("fault of the dashboard", "database", "took too long", "stopped in the midst")
READS = ("/packages/query", "/sites/query", "/child-accounts")  # and every GET
SETTLED_BY = 1_000  # of the hurried numbers: when a success is first read again
SLACK = 2_500


def judge(evidence: Evidence) -> list[str]:
    """All that is false."""
    files = Files(evidence)
    past, cases = files.past, files.cases()
    found = [
        f"operation #{case.row['id']} ({case.row['kind']}): {wrong}"
        for case in cases
        for check in (_end, _effects, _drift)
        for wrong in check(case, evidence, cases)
    ]
    for of_all in (_packages, _floating, _readings, _clicks, _pages):
        found += of_all(evidence, cases)
    found += truth.differences(evidence.true, evidence.mirrored)
    found += [*_changes(evidence, past), *_unrecorded(evidence, past)]
    return found + list(wrong_authors(evidence, cases, past))


# --- of each operation ---------------------------------------------------------------------------


def _end(case: Case, evidence: Evidence, cases: list[Case]) -> Iterator[str]:
    row = case.row
    if row["state"] not in AT_REST:
        yield f"it was left {row['state']}, waiting for {row['waiting_for']!r}"
        return
    if row["lease_until"] is not None:
        yield "an orphan lease"
    yield from words.wrongs(case)
    by_hand = "operation.finished_by_hand" if row["settled_by_id"] else ""
    event = by_hand or f"operation.{row['state']}"
    withdrawn = row["outcome"].startswith("Withdrawn")
    event = "operation.withdrawn" if withdrawn else event
    ends = sum(entry["event"] == event for entry in case.audit)
    if not ends or (ends > 1 and row["state"] != "needs_attention"):
        yield f"{ends} audit entries of its end"


def _effects(case: Case, evidence: Evidence, cases: list[Case]) -> Iterator[str]:
    """Each effect has one attempt that was committed before it; a second one is told."""
    sent = {a["idempotency_key"]: milliseconds(a["sent_at"]) for a in case.attempts if a["writes"]}
    keyed = [call for call in case.applied if call["idempotency_key"]]
    for call in keyed:
        before = sent.get(call["idempotency_key"])
        if before is None:
            yield f"call {call['n']} changed something without an attempt"
        elif (milliseconds(call["at"]) or 0) < before - 20:
            yield f"call {call['n']} went out before its attempt was committed"
    flagged = {entry["body"].get("step") for entry in case.audit if entry["event"] == REPEATED}
    for key, count in Counter(call["idempotency_key"] for call in keyed).items():
        if count > 1 and key.split(":")[1] not in flagged:
            yield f"{key} was applied {count} times, and the audit does not say so"
        if count > 1 and not any(
            "ignore_idempotency" in s["effects"] for s in evidence.fault_windows
        ):
            yield f"{key} was applied {count} times, though Wix honoured it"


def _drift(case: Case, evidence: Evidence, cases: list[Case]) -> Iterator[str]:
    """That it is true no more is said where two readings could see it, and where it was so."""
    row = case.row
    if row["state"] != "succeeded" or row["settled_by_id"]:
        return
    ended = milliseconds(row["finished_at"]) or evidence.until
    is_true = case.look.is_true
    if drifted := milliseconds(row["drifted_at"]):
        moments = case.between(max(ended, drifted - SLACK), drifted)
        if all(is_true(case.past, row, moment) for moment in moments):
            yield "it is said to be true no more, and it was true"
        if _explained(case, cases, ended, drifted) and not row["drift_ended_at"]:
            yield "it is said to be true no more for others' doing, and it was ours"
        return
    moments = case.between(ended + SETTLED_BY, evidence.until)
    never = not any(is_true(case.past, row, moment) for moment in moments)
    was_settled = row["settle_at"] is None and not row["drift_ended_at"]
    if never and was_settled and not _explained(case, cases, ended, evidence.until):
        yield "it was true no more from soon after its end, and nobody was told"


def _explained(case: Case, cases: list[Case], first: int, last: int) -> bool:
    """Whether another operation of ours changed the same of it in that time."""
    about = (case.row["instance_id"], case.row["package_id"])
    for other in cases:
        if other is case or case.row["package_id"] != other.row["package_id"]:
            continue
        same = {case.look.changes, other.look.changes}
        of_life = "life" in same and len(same) <= 2
        if len(same) > 1 and not of_life:
            continue
        if case.row["instance_id"] and other.row["instance_id"] not in (*about, None):
            continue
        if any(first - SLACK <= (milliseconds(c["at"]) or 0) <= last for c in other.applied):
            return True
    return False


# --- of all together -----------------------------------------------------------------------------


def _packages(evidence: Evidence, cases: list[Case]) -> Iterator[str]:
    """No order has become two packages, unless that was told."""
    names = Counter(
        fields["external_id"]
        for record, fields in evidence.true.items()
        if record.startswith("package ")
    )
    for case in cases:
        row = case.row
        if row["kind"] != "create_package" or names[row["wish"]["external_id"]] <= 1:
            continue
        is_known = row["outcome_code"] == "ordered_twice" or row["drifted_at"]
        if not is_known and not any(entry["event"] == REPEATED for entry in case.audit):
            count = names[row["wish"]["external_id"]]
            yield f"operation #{row['id']}: its order has become {count} packages, untold"


def _floating(evidence: Evidence, cases: list[Case]) -> Iterator[str]:
    """Whatever is on no site now and was on one is there by somebody's doing that is told."""
    past = WorldHistory(evidence.history)
    by_others = {change["service"] for change in evidence.outside_changes}
    for record, fields in evidence.true.items():
        if not record.startswith("service ") or fields["site"] or fields["status"] in ENDED:
            continue
        before, id_ = past.at(record, evidence.since), record.partition(" ")[2]
        if before is None or not before["site"] or id_ in by_others:
            continue
        if not any(_explains_floating(case, id_) for case in cases):
            yield f"{record} was on a site, floats, and nothing says so"


ENDED = ("FAILED", "CANCELED")


def _explains_floating(case: Case, service: str) -> bool:
    row = case.row
    if row["instance_id"] != service or row["kind"] not in ("unassign", "reassign", "assign"):
        return False
    if row["settled_by_id"]:
        return True  # a person has looked, and has said how it ended
    if row["state"] == "succeeded":
        return bool(row["kind"] == "unassign" or row["drifted_at"])
    return row["state"] == "needs_attention" or "none put it back" in row["outcome"]


def _readings(evidence: Evidence, cases: list[Case]) -> Iterator[str]:
    """Each has ended, in words that say something true of Wix, or was stopped by a person."""
    for run in evidence.runs:
        what = f"reading #{run['id']} ({run['kind']})"
        if run["state"] in OPEN_RUNS:
            yield f"{what} was left {run['state']}: {run['error']!r}"
        elif run["lease_until"] is not None:
            yield f"{what} has an orphan lease"
        elif run["state"] == "failed" and not run["error"]:
            yield f"{what} failed without a word"
        elif run["state"] == "failed" and not _is_wixs_doing(run, evidence):
            yield f"{what} failed for what was no fault of Wix: {run['error']!r}"
        elif run["state"] == "succeeded" and run["error"]:
            yield f"{what} succeeded, and still says {run['error']!r}"


def _is_wixs_doing(run: Row, evidence: Evidence) -> bool:
    """Whether Wix refused a read meanwhile, or its answers were spoilt, and the words say so."""
    if any(word in run["error"] for word in OUR_FAULTS):
        return False
    first, last = (milliseconds(run[name]) or 0 for name in ("started_at", "finished_at"))
    calls = (c for c in evidence.journal if first <= (milliseconds(c["at"]) or 0) <= last)
    refused = any(
        call["status"] != 200 and (call["method"] == "GET" or call["path"].endswith(READS))
        for call in calls
    )
    return refused or any(
        window["since"] <= last and first <= window["until"] for window in evidence.fault_windows
    )


def _clicks(evidence: Evidence, cases: list[Case]) -> Iterator[str]:
    """What was answered to a confirmation is what became of it: one operation, or none."""
    rows = Counter(row["request_id"] for row in evidence.operations)
    for click in evidence.clicks:
        count = rows[click["request_id"]]
        if click["answer"] == "recorded" and count != 1:
            yield f"a confirmation was taken, and {count} operations came of it"
        if click["answer"] == "refused" and count:
            yield f"a confirmation was answered {click['status']}, and was recorded all the same"
    clicked = {click["request_id"] for click in evidence.clicks}
    for row in evidence.operations:
        if evidence.clicks and row["request_id"] not in clicked:
            yield f"operation #{row['id']} was asked for by nobody"


def _pages(evidence: Evidence, cases: list[Case]) -> Iterator[str]:
    """The page of each says what the row says."""
    for case in cases:
        row, page = case.row, evidence.pages.get(str(case.row["id"]))
        if page is None or row["settled_by_id"]:
            continue
        words_of_end = "It was true, and is so no more." if row["drifted_at"] else row["outcome"]
        if " ".join(words_of_end.split()) not in page:
            yield f"the page of operation #{row['id']} does not say “{words_of_end}”"


def _changes(evidence: Evidence, past: WorldHistory) -> Iterator[str]:
    """What is told as a change of a package or a service was so at Wix, before and after."""
    for change in evidence.changes:
        of = "service" if change["instance_id"] else "package"
        id_ = change["instance_id"] or change["package_id"]
        name, pair = change["field"], {change["old"], change["new"]}
        if id_ is None or name == "seen" or pair & NEVER_SO:
            continue
        record = f"{of} {id_}"
        held = {truth.as_recorded(name, value) for value in past.values(record, name)}
        if change["old"] == change["new"] or not pair <= held:
            step = f"{change['old']!r} to {change['new']!r}"
            yield f"a change says that {name} of {record} went from {step}, which was never so"


def _unrecorded(evidence: Evidence, past: WorldHistory) -> Iterator[str]:
    """What became of packages and services since the beginning is recorded, field by field."""
    before = {record: past.at(record, evidence.since) for record in evidence.history}
    first = {record: fields for record, fields in before.items() if fields is not None}
    last = {}
    for change in evidence.changes:
        of = "service" if change["instance_id"] else "package"
        id_ = change["instance_id"] or change["package_id"]
        last[f"{of} {id_}", change["field"]] = change["new"]
    yield from truth.unrecorded(first, evidence.true, last)
