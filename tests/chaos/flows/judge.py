"""Whether flows ended rightly: their rows, their operations, the audit, and what Wix has."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from resellers.flows.kinds import FLOW_KINDS
from resellers.flows.steps import latest
from resellers.models import AuditEntry, Flow, FlowStep, Operation
from tests import practice
from tests.chaos import verdict
from tests.chaos.ground import Ground

from .journeys import Journey

State = Flow.State
WRITES = {
    "cancel_instance": "cancel",
    "transfer_site": "transfer",
    "create_package": "create",
    "create_site": "make",
    "create_account": "account",
    "register_domain": "register",
    "connect_domain": "connect",
}
# Of a flow that Wix has stopped: no fault of ours has, and Wix did answer.
UNTRUE = ("fault of the dashboard", "did not answer")
Call = dict[str, Any]


def wrongs(journey: Journey, *, keys_honoured: bool = True) -> list[str]:
    """What is wrong with a flow that is done, in words; nothing if all is right."""
    row, flow = journey.row, journey.flow
    if flow.state != State.DONE or row is not None:
        return [f"it is not done: {journey.told}"]
    found = [*_of_rows(journey), *_of_audit(journey), *_of_wix(journey)]
    return found + operations_wrongs(journey, keys_honoured=keys_honoured)


def operations_wrongs(journey: Journey, *, keys_honoured: bool = True) -> list[str]:
    """What is wrong with the operations of its steps, those set aside for another try left out:
    each is judged as any other."""
    in_vain = journey.flow.steps.filter(state=FlowStep.State.IN_VAIN).values("operation")
    return [
        f"{operation.kind} #{operation.pk}: {wrong}"
        for operation in journey.operations
        if not in_vain.filter(operation=operation).exists()
        for wrong in verdict.wrongs(
            journey.ground, operation, since=journey.since, keys_honoured=keys_honoured
        )
    ]


def stop_wrongs(journey: Journey, *, keys_honoured: bool = True) -> list[str]:
    """What is wrong with a flow that has stopped, and with the words in which it did."""
    row = journey.row
    if row is None:
        return ["it is over, and did not stop"]
    found = [f"an untrue word: {row.outcome}" for word in UNTRUE if word in row.outcome]
    operation = latest(row)
    if operation is not None and row.code != operation.outcome_code:
        found.append(f"it says {row.code}, and its operation {operation.outcome_code}")
    if not row.outcome or not row.code:
        found.append("it stopped without words, or without a code")
    if journey.flow.lease_until is not None:
        found.append("it stopped with a lease")
    return found + operations_wrongs(journey, keys_honoured=keys_honoured)


def stray_writes(journeys: Sequence[Journey], calls: Sequence[Call]) -> list[str]:
    """Where the sandbox's journal has more or fewer writes than these flows' operations say.

    `calls` are all of the time in which nobody but these flows wrote.
    """
    done = Counter(
        WRITES[one.kind]
        for journey in journeys
        for one in journey.operations
        if one.state == "succeeded"
    )
    sent = Counter(practice.name_of(call) for call in calls if call["effect"] == "applied")
    return [
        f"Wix carried out {sent[name]} × {name}, and {done[name]} operations say so"
        for name in sorted(sent.keys() | done.keys())
        if sent[name] != done[name]
    ]


def rows_of(journey: Journey) -> list[tuple[object, ...]]:
    """All that is written of a flow, to tell whether anybody has written since."""
    names = ("name", "tries", "state", "operation", "outcome", "waiting_for", "looks", "ended_at")
    steps = list(journey.flow.steps.order_by("id").values_list(*names))
    of_flow = ("state", "fence", "lease_until", "data", "ended_at")
    flow = list(Flow.objects.filter(pk=journey.flow.pk).values_list(*of_flow))
    return [*flow, *steps, (journey.flow.events.count(), len(journey.operations))]


def story(journey: Journey) -> list[str]:
    """The flow's log and its operations, a line each, for somebody who has to find the fault."""
    events = [
        f"{event.at:%H:%M:%S} {event.kind} {event.step[:12]} {event.words}"
        for event in journey.flow.events.order_by("id")
    ]
    told = [line for one in journey.operations for line in verdict.story(one)]
    return [f"{journey.flow} {journey.told}", *events, *told]


# --- ours ----------------------------------------------------------------------------------------


def _of_rows(journey: Journey) -> Iterator[str]:
    flow, kind = journey.flow, FLOW_KINDS[journey.flow.kind]
    if flow.lease_until is not None:
        yield "an orphan lease"
    rows = list(flow.steps.select_related("operation").order_by("id"))
    ended = list(dict.fromkeys(row.name for row in rows if row.state != FlowStep.State.IN_VAIN))
    wanted = [step.name for step in kind.steps(flow)]
    if ended != wanted:
        yield f"its steps were {ended}, and not {wanted}"
    if left := [row.name for row in rows if row.state == FlowStep.State.CURRENT]:
        yield f"it is done, and stands at {left}"
    asked = {row.operation_id for row in rows if row.operation_id}
    named = Operation.objects.filter(reason=f"{flow}", retry_of=None).values_list("pk", flat=True)
    if strays := set(named) - asked:
        yield f"operations that no step knows: {sorted(strays)}"
    for row in rows:
        operation = row.operation
        known = row.name.partition(":")[0] in journey.route.writes
        if known and row.state == FlowStep.State.DONE and operation is None:
            yield f"{row.name} is done without an operation"


def _of_audit(journey: Journey) -> Iterator[str]:
    entries = AuditEntry.objects.filter(event__startswith="flow.", body__flow=journey.flow.pk)
    told = Counter(entries.values_list("event", flat=True))
    asked = journey.flow.steps.filter(operation__isnull=False).count()
    for event, count in (("flow.begun", 1), ("flow.done", 1), ("flow.asked", asked)):
        if told[event] != count:
            yield f"{told[event]} audit entries {event}, where there should be {count}"


# --- Wix's ---------------------------------------------------------------------------------------


def _of_wix(journey: Journey) -> Iterator[str]:
    """Whether Wix has what the flow says that it has."""
    ground, flow = journey.ground, journey.flow
    world = ground.sandbox.world
    with world.lock:
        world.run_due_events()
        if flow.kind == "site_handover":
            yield from _handed_over(ground, flow)
        elif flow.kind == "domain_purchase":
            yield from _registered(ground, flow)
        else:
            domain = world.connected_domains.get(flow.data["domain"])
            assigned = world.domain_assignments.get(flow.data["domain"])
            if domain is None or domain.account_id != str(flow.account_id):
                yield "the domain is not connected for its customer"
            elif assigned is None or assigned.site_id != str(flow.site_id):
                yield "the domain is on another site, or on none"
        if order := flow.data.get("order"):
            yield from _ordered(ground, flow, order)


def _handed_over(ground: Ground, flow: Flow) -> Iterator[str]:
    world = ground.sandbox.world
    owner = world.sites.rows[flow.data["site"]].account_id
    if owner != str(flow.account_id):
        yield f"the site is with {owner}, and not with its customer"
    for id_ in flow.data.get("paid", ()):
        service = world.packages.instance(id_)
        if service is None or service.status != "CANCELED":
            yield f"the service {id_} was to be canceled"
    if new := flow.data.get("new_site"):
        count = sum(one.display_name == new["site_name"] for one in world.sites)
        if count != 1:
            yield f"there are {count} sites of the new one's name"


def _ordered(ground: Ground, flow: Flow, order: dict[str, Any]) -> Iterator[str]:
    packages = [
        one for one in ground.sandbox.world.packages if one.external_id == order["external_id"]
    ]
    if len(packages) != 1:
        yield f"the order became {len(packages)} packages"
        return
    services = packages[0].instances
    wanted = Counter(line["product_id"] for line in order["lines"])
    if Counter(one.product_id for one in services) != wanted:
        yield "the package has other products than ordered"
    for one in services:
        if one.status != "ENABLED":
            yield f"it says that all is delivered, and {one.id} is {one.status}"
        if flow.kind == "site_handover" and one.site_id != flow.data["site"]:
            yield f"the service {one.id} is not on the site"


def _registered(ground: Ground, flow: Flow) -> Iterator[str]:
    domain = ground.sandbox.world.registered_domains.get(flow.data["domain"])
    if domain is None:
        yield "the domain is not registered"
        return
    told = (domain.account_id, domain.site_id, domain.status)
    if told != (str(flow.account_id), str(flow.site_id), "ACTIVE"):
        yield f"the domain is registered as {told}, and not active for its customer and site"
    paid = ground.sandbox.world.packages.instance(domain.instance_id)
    if paid is None or str(paid.package_id) != flow.data["package"]:
        yield "the domain is paid by another service than the one ordered"
