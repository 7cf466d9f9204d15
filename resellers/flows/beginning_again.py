"""Where a flow would begin again, once what was chosen or what stopped it is done anew."""

from copy import copy
from typing import Any

from resellers.models import Flow, FlowStep

from .kinds import FLOW_KINDS
from .steps import OperationStep, Step


def begins_again_at(flow: Flow, row: FlowStep) -> Step:
    """The step that would be begun anew in place of that one."""
    return begun_again(flow, row)[1]


def begun_again(flow: Flow, row: FlowStep) -> tuple[dict[str, Any], Step]:
    """What the flow's data would say then, and the step, which may be there by these alone."""
    kind, renewed = FLOW_KINDS[flow.kind], copy(flow)
    stood_at = kind.step(flow, row.name)
    renewed.data = {**flow.data, **stood_at.renewed(flow)}
    return renewed.data, kind.step(renewed, stood_at.begins_again_at(flow, row))


def is_chosen_before(flow: Flow, row: FlowStep) -> bool:
    """Whether what that step is to do waits for its confirmation, and may be chosen anew."""
    step = FLOW_KINDS[flow.kind].step(flow, row.name)
    is_asked = flow.state == Flow.State.OPEN and isinstance(step, OperationStep)
    return is_asked and step.begins_again_at(flow, row) != step.name
