"""Every kind of operation is whole: rules, plan, way back, form and page."""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import pytest
from django.template.loader import get_template

from dashboard.forms import WISH_FORMS
from resellers.connection import wix_client
from resellers.models import Operation, OperationKind, Policy, ProductInstance
from resellers.operations import kinds
from resellers.operations.kind import Back, Done, InstanceKind, Refused, Seen, Send, Stuck, Wish
from resellers.operations.kinds import KINDS
from resellers.operations.plan import make_plan
from resellers.wix import NextMove, WixError
from tests import worlds

pytestmark = pytest.mark.django_db

FILES = sorted(
    path.stem for path in Path(kinds.__path__[0]).glob("*.py") if path.stem != "__init__"
)
PLACES = ("source", "target", "none", "third")
# What a kind may decide: each of these has a way to come about.
DECISIONS = {Done, Send, Back, Stuck}
STRATEGIES = ("two_step", "direct")


@dataclass
class Case:
    """A service, and a wish for it that its kind can plan."""

    kind: InstanceKind
    instance: ProductInstance
    wish: Wish

    @property
    def source(self) -> Seen:
        return Seen.in_mirror(self.instance)

    @property
    def target(self) -> Seen:
        """What Wix shows once the wish is true."""
        wished = self.wish or {"site_id": None}
        return replace(self.source, **wished)

    def place(self, name: str) -> Seen:
        """What a reading shows of a service at its source, at its target, on no site, elsewhere."""
        third = str(worlds.new_id())
        return {
            "source": self.source,
            "target": self.target,
            "none": replace(self.source, site_id=None),
            "third": replace(self.source, site_id=third, product_id=third),
        }[name]

    def operation(self, strategy: str = "two_step", **fields: object) -> Operation:
        plan = make_plan(self.kind.name, self.instance, self.wish)
        return worlds.operation(
            self.instance,
            kind=self.kind.name,
            wish=self.wish,
            before=plan.before,
            plan=plan.as_json(),
            strategy=strategy,
            **fields,
        )


@pytest.fixture(params=FILES)
def case(request, db) -> Case:
    """One case for each file; a kind that is not told here has no case, and fails."""
    module = importlib.import_module(f"resellers.operations.kinds.{request.param}")
    kind = the_kind_of(module)
    floating = kind.name == OperationKind.ASSIGN
    instance = worlds.instance(floating=floating)
    site_id = str(worlds.site(instance.account).pk)
    wishes: dict[str, Wish] = {
        "assign": {"site_id": site_id},
        "unassign": {},
        "reassign": {"site_id": site_id},
        "adjust": {"product_id": str(worlds.product("Bigger Plan").pk), "cycle": "1 MONTH"},
    }
    return Case(kind, instance, wishes[kind.name])


def the_kind_of(module) -> InstanceKind:
    """The one kind that a file holds, as the engine knows it."""
    classes = [
        thing
        for thing in vars(module).values()
        if isinstance(thing, type)
        and issubclass(thing, InstanceKind)
        and thing.__module__ == module.__name__
    ]
    assert len(classes) == 1, f"{module.__name__} holds {len(classes)} kinds"
    known = [kind for kind in KINDS.values() if type(kind) is classes[0]]
    assert len(known) == 1, f"{classes[0].__name__} is not in KINDS"
    return known[0]


def refusals(case: Case) -> Iterator[Refused | None]:
    """None, and a refusal of each step that the kind may send."""
    yield None
    for step in case.kind.steps(case.instance, case.wish):
        yield Refused(step, 428, "PRODUCT_NOT_SUPPORTED_ON_SITE", "", "request-1")


def test_a_kind_is_known_by_its_own_name_and_asks_for_a_right_that_exists(case):
    rights = {f"resellers.{codename}" for codename, _ in Policy._meta.permissions}

    assert KINDS[case.kind.name] is case.kind
    assert case.kind.name in OperationKind
    assert case.kind.permission in rights


def test_a_kind_can_plan_its_wish_in_words(case):
    plan = make_plan(case.kind.name, case.instance, case.wish)

    assert plan.possible
    assert plan.rows
    assert all(row.label and row.before != row.after for row in plan.rows)
    assert plan.dependants == tuple(case.kind.dependants(case.instance, case.wish))


def test_every_call_of_a_plan_is_one_of_the_kinds_steps(case):
    steps = case.kind.steps(case.instance, case.wish)

    for strategy in STRATEGIES:
        calls = case.kind.calls(case.instance, case.wish, strategy)
        assert calls
        assert set(calls) <= set(steps.values())


def test_a_wish_that_is_true_already_is_refused_before_anything_is_asked(case):
    after = case.target
    instance = case.instance
    instance.site_id, instance.product_id = after.site_id, after.product_id
    instance.cycle_count, _, instance.cycle_unit = after.cycle.partition(" ")
    instance.save()
    instance = ProductInstance.objects.get(pk=instance.pk)

    assert case.kind.foresee(instance, case.wish)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_whatever_is_seen_and_refused_a_kind_decides(case, strategy):
    operation = case.operation(strategy)
    steps = case.kind.steps(case.instance, case.wish)
    reached = set()

    for name, refused in product(PLACES, refusals(case)):
        decision = case.kind.decide(operation, case.place(name), refused)
        reached.add(type(decision))
        if isinstance(decision, Send):
            assert decision.step in steps
        if isinstance(decision, Stuck):
            assert decision.words

    assert reached == DECISIONS


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_what_is_seen_decides_and_a_refusal_is_never_sent_again(case, strategy):
    operation = case.operation(strategy)

    for refused in refusals(case):
        assert case.kind.decide(operation, case.place("target"), refused) == Done()
        assert isinstance(case.kind.decide(operation, case.place("third"), refused), Stuck)
        at_source = case.kind.decide(operation, case.place("source"), refused)
        assert at_source == Back() if refused else isinstance(at_source, Send)
        if refused:
            for name in PLACES:
                decision = case.kind.decide(operation, case.place(name), refused)
                assert not (isinstance(decision, Send) and decision.step == refused.step)


def test_every_step_can_be_sent(case):
    operation = case.operation()

    with wix_client("people") as client:
        for step in case.kind.steps(case.instance, case.wish):
            with pytest.raises(WixError) as lost:
                case.kind.send(operation, step, client, f"{operation.request_id}:{step}:0")
            assert lost.value.next_move is NextMove.RETRY, "Wix is away: nothing was sent"


def test_what_a_kind_did_is_undone_by_a_kind_that_can_plan_it(case):
    operation = case.operation(state="succeeded")
    instance, after = case.instance, case.target
    ProductInstance.objects.filter(pk=instance.pk).update(
        site_id=after.site_id,
        product_id=after.product_id,
        cycle_unit=after.cycle.partition(" ")[2],
        cycle_count=int(after.cycle.partition(" ")[0]),
    )

    undone = case.kind.undo(operation)

    assert undone is not None
    kind, wish = undone
    assert kind in KINDS
    plan = make_plan(kind, ProductInstance.objects.get(pk=instance.pk), wish)
    assert plan.possible
    way_back = Case(KINDS[kind], plan.instance, wish)
    assert way_back.target == case.source


def test_every_kind_has_a_form_and_a_page_with_its_parts():
    assert set(WISH_FORMS) == set(KINDS)
    for name, form in WISH_FORMS.items():
        assert form.kind == name
        assert form.doing
        for part in ("fields", "if-wrong"):
            assert get_template(f"actions/{name}.html#{part}")


def test_a_form_asks_for_the_wish_that_filled_it_in(case):
    form_class = WISH_FORMS[case.kind.name]

    form = form_class(form_class.prefilled(case.wish), instance=case.instance)

    assert form.is_valid(), form.errors
    assert form.wish() == case.wish
