"""Who asked for a run is told in one line how it ended, and not of each of its changes."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext

from resellers import notify
from resellers.models import BulkRun

from .verbs import verb_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def tell(run: BulkRun, *, by: "User | None" = None) -> None:
    """Tell of the run as it stands, part of the caller's transaction; nobody of what they did."""
    if by is None or by.pk != run.by_id:
        title = f"{verb_of(run.kind).words.title}, #{run.pk}"
        notify.of_run(run, title=title, text=how_it_stands(run), by=by)


def how_it_stands(run: BulkRun) -> str:
    """What became of it, in one line: `9 of 10 carried out, 1 to be decided`."""
    if run.state == BulkRun.State.PAUSED:
        return gettext("Waits for a person: %(why)s") % {"why": run.waiting_for}
    if run.state != BulkRun.State.DONE:
        return str(BulkRun.State(run.state).label)
    ended = {name: int(number) for name, number in run.ended_with.items()}
    done, every = ended.get("carried_out", 0), sum(ended.values())
    words = [gettext("%(done)d of %(every)d carried out") % {"done": done, "every": every}]
    if number := ended.get("needing_a_person"):
        words.append(
            ngettext("%(number)d to be decided", "%(number)d to be decided", number)
            % {"number": number}
        )
    return ", ".join(words)
