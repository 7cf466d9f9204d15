"""Files of lists, made in the background: asked for, written chunk by chunk, offered whole or not.

Who keeps lists says by `use` how the rows of one are read; here is everything else: the row that is
the queue, the folder, what a worker does that follows one which died, the count, the hash, and who
may take the file.
"""

from .asking import MOST_UNFINISHED, TASK, TooMany, ask, remove
from .making import due, run
from .sources import CannotMake, Source, use
from .storage import remove_strays
from .taking import Broken, Unreadable, may_see_customers, open_whole

__all__ = [
    "MOST_UNFINISHED",
    "TASK",
    "Broken",
    "CannotMake",
    "Source",
    "TooMany",
    "Unreadable",
    "ask",
    "due",
    "may_see_customers",
    "open_whole",
    "remove",
    "remove_strays",
    "run",
    "use",
]
