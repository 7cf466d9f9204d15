"""What flows are called and how they stand, in words and tones."""

from resellers.flows.kinds import FLOW_KINDS
from resellers.models import Flow

TONES = {
    Flow.State.OPEN: "look",
    Flow.State.WAITING: "under-way",
    Flow.State.PAUSED: "ended",
    Flow.State.STOPPED: "bad",
    Flow.State.DONE: "good",
    Flow.State.GIVEN_UP: "ended",
}


def flow_label(flow: Flow) -> str:
    """The sort of flow it is."""
    kind = FLOW_KINDS.get(flow.kind)
    return str(kind.label) if kind else flow.kind.replace("_", " ").capitalize()


def state_words(flow: Flow) -> tuple[str, str]:
    """How it stands, in a word and a tone."""
    return str(flow.get_state_display()), TONES[Flow.State(flow.state)]
