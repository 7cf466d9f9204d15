"""Lies about records: at Wix, in the mirror, and in what is said of readings and clicks."""

from uuid import uuid4

from .evidence import Evidence
from .planting import Lie, becomes, effects, quiet_service, refusals
from .world_history import milliseconds


def _second_package(evidence: Evidence) -> bool:
    for row, _ in effects(evidence):
        record = f"package {row['package_id']}"
        if row["kind"] == "create_package" and record in evidence.true:
            copy = f"package {uuid4()}"
            for records in (evidence.true, evidence.mirrored):
                records[copy] = dict(records[record])
            return True
    return False


def _silent_floating(evidence: Evidence) -> bool:
    record = quiet_service(evidence)
    if record:
        becomes(evidence, record, evidence.until - 1, site="")
    return bool(record)


def _hidden_drift(evidence: Evidence) -> bool:
    for row, _ in effects(evidence):
        record = f"service {row['instance_id']}"
        alone = sum(one["instance_id"] == row["instance_id"] for one in evidence.operations) == 1
        if alone and row["kind"] == "reassign" and record in evidence.true:
            # From its very end on: what others did long after it was true is no lie.
            since = (milliseconds(row["finished_at"]) or 0) + 1
            becomes(evidence, record, since, site=row["before"]["site_id"])
            row["settle_at"] = None
            return True
    return False


def _drift_invented(evidence: Evidence) -> bool:
    for row, _ in effects(evidence):
        row["drifted_at"] = row["finished_at"]
        return True
    return False


def _mirror_changed(evidence: Evidence) -> bool:
    record = quiet_service(evidence)
    if record:
        evidence.mirrored[record] = evidence.mirrored[record] | {"status": "PENDING"}
    return bool(record)


def _mirror_lost_one(evidence: Evidence) -> bool:
    record = quiet_service(evidence)
    if record:
        del evidence.mirrored[record]
    return bool(record)


def _change_that_was_none(evidence: Evidence) -> bool:
    record = quiet_service(evidence)
    if record:
        change = {"at": None, "package_id": None, "instance_id": record.partition(" ")[2]}
        change |= {"field": "status", "old": "ENABLED", "new": "PENDING", "operation_id": None}
        evidence.changes.append(change)
    return bool(record)


def _signed_by_who_did_nothing(evidence: Evidence) -> bool:
    for row, _ in refusals(evidence):
        for change in evidence.changes:
            change["operation_id"] = row["id"]
            return True
    return False


def _ours_as_theirs(evidence: Evidence) -> bool:
    applied = {row["id"] for row, _ in effects(evidence)}
    for change in evidence.changes:
        if change["field"] in ("site", "product") and change["operation_id"] in applied:
            change["operation_id"] = None
            return True
    return False


def _unrecorded_change(evidence: Evidence) -> bool:
    for change in reversed(evidence.changes):
        record = f"service {change['instance_id']}"
        if change["field"] in ("site", "product") and record in evidence.true:
            name, id_ = change["field"], change["instance_id"]
            evidence.changes = [
                one for one in evidence.changes if (one["instance_id"], one["field"]) != (id_, name)
            ]
            at_first = next(iter(evidence.history[record]))[1]
            if at_first and at_first[name] != evidence.true[record][name]:
                return True
    return False


def _reading_of_a_well_wix(evidence: Evidence) -> bool:
    evidence.fault_windows = []
    evidence.journal = [call for call in evidence.journal if call["status"] == 200]
    return _reading(evidence, state="failed", error="Wix refused it.")


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
    for row, _ in effects(evidence):
        click = {"request_id": row["request_id"], "answer": "refused", "status": 422}
        evidence.clicks.append(click)
        return True
    return False


def _other_page(evidence: Evidence) -> bool:
    for row, _ in refusals(evidence):
        evidence.pages[str(row["id"])] = "Succeeded. Wix shows it."
        return True
    return False


OF_RECORDS = (
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
    Lie("a reading that failed of a Wix that was well", _reading_of_a_well_wix, "no fault of Wix"),
    Lie("a change that is not recorded", _unrecorded_change, "it does not say that"),
    Lie("a confirmation that was lost", _lost_click, "and 0 operations came of it"),
    Lie("a refusal that was recorded", _refused_and_recorded, "recorded all the same"),
    Lie("a page that says otherwise", _other_page, "does not say"),
)
