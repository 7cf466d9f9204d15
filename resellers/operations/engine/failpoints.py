"""Named points in the engine where a test can kill or freeze the process. Off in production.

`ENGINE_FAILPOINT` in the environment names one, as `answered:assign=kill@/path/of/a/marker`: the
first process to arrive there makes the marker and sends itself SIGKILL; `freeze` sends SIGSTOP.
With `#2` behind the name it is the second arrival that counts.
"""

import os
import signal
from collections import Counter
from pathlib import Path

from django.conf import settings

# In the order of one step: what is known and written when the engine stands there.
POINTS = {
    "claimed": "the row is leased, nothing was asked",
    "reading": "the attempt to read is committed, the call is not out",
    "read": "Wix has answered the reading, the answer is not written",
    "noted": "the reading is written, the mirror is not",
    "mirrored": "the mirror shows the reading, nothing is decided",
    "deciding": "a step is to be sent, its attempt is not committed",
    "sending": "the attempt of the step is committed, the call is not out",
    "answered": "Wix has answered the step, the answer is not written",
    "recorded": "the step's answer is written, the row's state is not",
    "confirming": "the row says that a step was sent",
    "ending": "the end is known, nothing of it is written",
    "ended": "the end is committed",
}
# The same of who releases a bulk change.
BULK_POINTS = {
    "releasing": "the run's next change is locked, nothing is asked for it",
    "released": "its operation is written, not committed",
    "committed": "its operation is committed, the next change is not looked at",
    "closing": "every operation has ended, that the run has is not committed",
}
# The same of flows, each beside the name of the step that is looked at.
FLOW_POINTS = {
    "flow-claimed": "the row is leased, nothing was looked at",
    "flow-looked": "what comes next is known, nothing of it is written",
    "flow-writing": "it is written and the operation asked for, nothing is committed",
    "flow-written": "it is committed",
}
# The same of who makes a file of a list.
EXPORT_POINTS = {
    "export-claimed": "its row is leased, what was whole of it is copied, nothing more is written",
    "export-fixed": "its rows are fixed and its head is on the disk, the row does not say so",
    "export-written": "a chunk is on the disk, the row does not say so",
    "export-noted": "the row says so",
    "export-ending": "all of it is on the disk, it is not offered",
}
ACTIONS = {"kill": signal.SIGKILL, "freeze": signal.SIGSTOP}
_arrivals: Counter[str] = Counter()


def at(name: str, step: str = "") -> None:
    """Do here what `ENGINE_FAILPOINT` wants; nothing where it is not set."""
    wanted: str = settings.ENGINE_FAILPOINT
    if not wanted:
        return
    here = f"{name}:{step}" if step else name
    place, _, order = wanted.partition("=")
    place, _, count = place.partition("#")
    if place != here:
        return
    _arrivals[here] += 1
    action, _, marker = order.partition("@")
    if _arrivals[here] == int(count or 1) and _is_first(Path(marker)):
        os.kill(os.getpid(), ACTIONS[action])


def _is_first(marker: Path) -> bool:
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
