"""Failure cases: opened and closed by what the mirror, operations and flows show, worked by people.

A case never starts an operation. `troubles` says what is wrong now, `keeping` has the cases follow
it, and `verbs` is what people do with them. `causes` has what many of them have in common.
"""

from .keeping import keep, keep_flow, keep_operation, keep_services, services_of
from .verbs import (
    LeftOut,
    Worked,
    assign,
    close,
    note,
    people,
    pin,
    release,
    reopen,
    reported,
    snooze,
    take,
    unpin,
)

__all__ = [
    "LeftOut",
    "Worked",
    "assign",
    "close",
    "keep",
    "keep_flow",
    "keep_operation",
    "keep_services",
    "note",
    "people",
    "pin",
    "release",
    "reopen",
    "reported",
    "services_of",
    "snooze",
    "take",
    "unpin",
]
