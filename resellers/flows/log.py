"""What happened in a flow: a row for its page, and an entry in the audit trail."""

from typing import TYPE_CHECKING, Any

from resellers import audit
from resellers.models import Flow, FlowEvent

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def log(
    flow: Flow,
    kind: FlowEvent.Kind,
    words: str = "",
    *,
    step: str = "",
    by: "User | None" = None,
    **body: Any,
) -> None:
    """Write it, in the caller's transaction and last in it."""
    FlowEvent.objects.create(flow=flow, kind=kind, step=step, words=words, by=by)
    if kind == FlowEvent.Kind.LOOKED and by is None:
        return
    about = {"flow": flow.pk, "kind": flow.kind, "step": step, "why": words}
    audit.record(
        f"flow.{kind}",
        by=by,
        account_id=flow.account_id,
        body={name: value for name, value in about.items() if value} | body,
    )
