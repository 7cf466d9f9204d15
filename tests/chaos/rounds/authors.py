"""Whether a change is told as ours where it was ours, and as others' where it was theirs."""

from collections.abc import Iterator

from tests import truth

from .case import Case
from .evidence import Evidence, Row
from .world_history import WorldHistory, milliseconds

# What only a call changes; a status changes by itself too.
BY_CALLS = ("site", "product", "external_id")
# A call is journalled as it comes, and carried out so much later at most.
LATEST = 2_000


def wrong_authors(evidence: Evidence, cases: list[Case], past: WorldHistory) -> Iterator[str]:
    """Changes that name an operation which did nothing, or none where only operations acted."""
    by_number = {case.row["id"]: case for case in cases}
    for change in evidence.changes:
        what = f"the change of {change['field']} of {change['instance_id'] or change['package_id']}"
        if change["operation_id"] is not None:
            case = by_number.get(change["operation_id"])
            if case is not None and not case.applied:
                yield f"{what} is told as of operation #{case.row['id']}, which changed nothing"
        elif change["field"] in BY_CALLS and _is_all_ours(change, cases, past):
            yield f"{what} is told as others' doing, and it was ours"


def _is_all_ours(change: Row, cases: list[Case], past: WorldHistory) -> bool:
    """Whether it ever became so only just after calls of ours about it."""
    of = "service" if change["instance_id"] else "package"
    id_ = change["instance_id"] or change["package_id"]
    if id_ is None:
        return False
    name, noticed_at = change["field"], milliseconds(change["at"]) or 0
    became = [
        since
        for since, before, after in past.changes(f"{of} {id_}")
        if before[name] != after[name]
        and truth.as_recorded(name, after[name]) == change["new"]
        and since <= noticed_at + LATEST
    ]
    ours = [
        milliseconds(call["at"]) or 0
        for case in cases
        if id_ in (case.row["instance_id"], case.row["package_id"])
        for call in case.applied
    ]
    return bool(became) and all(
        any(at - 50 <= since <= at + LATEST for at in ours) for since in became
    )
