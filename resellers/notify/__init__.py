"""People are told: in the bell, by mail, by webhook.

What tells is written with what it tells of, in one transaction, as rows of `outbox`; `sending`
carries them out. Nothing is told twice, but what a process was lost over while it sent it: that
goes out once more, and its log says so. `due` is everything that time alone brings about.
"""

from .due import TASK, tell_what_is_due
from .sending import due, send
from .telling import of_events, of_export, of_flow, of_run

__all__ = [
    "TASK",
    "due",
    "of_events",
    "of_export",
    "of_flow",
    "of_run",
    "send",
    "tell_what_is_due",
]
