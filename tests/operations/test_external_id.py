"""Another external id for a package: sent without a key, read back."""

import pytest

from resellers.models import Operation, OperationState, Package
from resellers.operations.kinds.external_id import ExternalIdWish
from resellers.operations.plan import make_plan
from resellers.operations.undo import undo_of
from tests import practice, worlds
from tests.operations.test_create_package import line
from tests.worlds import end

pytestmark = pytest.mark.django_db(transaction=True)

State = OperationState


@pytest.fixture
def package(mirror) -> Package:
    return Package.objects.exclude(external_id="").order_by("id").first()


def really(mirror, package: Package) -> str | None:
    return mirror.sandbox.world.packages.rows[str(package.pk)].external_id


@pytest.mark.parametrize("effect", ["", "drop_before", "drop_after", "500_before", "500_after"])
def test_a_package_gets_another_external_id_whatever_becomes_of_the_answer(
    mirror, package, ask, run_due, effect
):
    if effect:
        practice.faults(mirror.sandbox, {"match": "external_id", "effect": effect, "times": 1})

    operation = ask("external_id", package, external_id="order-anew")
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert really(mirror, package) == "order-anew"
    package.refresh_from_db()
    assert package.external_id == "order-anew"


def test_the_old_external_id_can_be_put_back(mirror, package, ask, run_due):
    before = package.external_id
    operation = ask("external_id", package, external_id="order-anew")
    run_due()

    undone = undo_of(Operation.objects.get(pk=operation.pk))
    assert undone is not None
    package.refresh_from_db()
    back = ask("external_id", package, **undone.as_json())
    run_due()

    assert end(back).state == State.SUCCEEDED, back.outcome
    assert really(mirror, package) == before


@pytest.mark.parametrize(
    ("first", "second"), [("rename", "rename"), ("rename", "order"), ("order", "rename")]
)
def test_an_external_id_that_an_open_operation_wants_is_told_beside_its_field(
    package, ask, first, second
):
    """Staff ended up with two packages under one name, which Wix allows."""
    others = Package.objects.exclude(pk=package.pk).order_by("id")
    wishes = {
        "rename": ("external_id", {}),
        "order": ("create_package", {"lines": [line()], "again_of": ""}),
    }
    (kind, wish), (kind_2, wish_2) = wishes[first], wishes[second]
    ask(kind, others[0] if first == "rename" else others[0].account, external_id="new", **wish)

    thing = package if second == "rename" else package.account
    (refused,) = make_plan(thing, worlds.wish(kind_2, external_id="new", **wish_2)).refusals

    assert (refused.field, refused.code) == ("external_id", "EXTERNAL_ID_TAKEN")
    assert "operator asked for" in refused.words


ODD = [
    "Auftrag 17/2026 (Möller)",
    "50% off?",
    "a#b&c=d;e",
    "../packages",
    "...",
    "unassign",
    "שלום \u2603",
    "x" * 100,
]


@pytest.mark.parametrize("text", ODD)
def test_any_text_that_wix_takes_becomes_the_external_id(mirror, package, ask, run_due, text):
    operation = ask("external_id", package, external_id=text)
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert really(mirror, package) == text
    package.refresh_from_db()
    assert package.external_id == text


def test_an_order_of_an_odd_external_id_is_found_under_it_when_its_answer_is_lost(
    mirror, package, ask, run_due
):
    practice.faults(mirror.sandbox, {"match": "create", "effect": "drop_after", "times": 1})

    name = "Auftrag 50%/2026 “Müller” ?#"
    wish = {"external_id": name, "lines": [line()], "again_of": ""}
    operation = ask("create_package", package.account, **wish)
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert Package.objects.get(external_id=name).pk == operation.package_id


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "cannot take an external id away"),
        ("x" * 101, "100 characters at most, and this has 101"),
        (".", "lead elsewhere"),
        ("..", "lead elsewhere"),
    ],
)
def test_what_wix_cannot_take_is_refused_before_it_is_sent(package, text, words):
    (refused,) = make_plan(package, ExternalIdWish(text)).refusals

    assert refused.field == "external_id"
    assert words in refused.words
