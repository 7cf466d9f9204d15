"""What flows are called: those of a sort that exists no more as well."""

from resellers.models import Flow

from .kinds import FLOW_KINDS


def flow_title(flow: Flow) -> str:
    """The flow by what it does to what; of a sort that is no more, by its number."""
    kind = FLOW_KINDS.get(flow.kind)
    return kind.title(flow) if kind else str(flow)
