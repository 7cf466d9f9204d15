"""Many changes at once: planned together, confirmed once, released one after another.

Each change waits as a row that locks nothing and becomes an operation of its own when its turn
comes; before that it is held against its plan again. A new verb is a file and a line in `verbs`.
"""

from .choosing import leave_out, put_back
from .deciding import (
    Expired,
    NotNow,
    ReasonWanted,
    WrongCount,
    confirm,
    pause,
    resume,
    stop,
)
from .figures import RunFigures, figures_of
from .planning import MOST, NothingToPlan, plan_again, plan_run
from .releasing import due, release, release_next
from .verb import AnyVerb, Selection
from .verbs import VERBS, verb_of

__all__ = [
    "MOST",
    "VERBS",
    "AnyVerb",
    "Expired",
    "NotNow",
    "NothingToPlan",
    "ReasonWanted",
    "RunFigures",
    "Selection",
    "WrongCount",
    "confirm",
    "due",
    "figures_of",
    "leave_out",
    "pause",
    "plan_again",
    "plan_run",
    "put_back",
    "release",
    "release_next",
    "resume",
    "stop",
    "verb_of",
]
