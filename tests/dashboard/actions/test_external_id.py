"""A package's external id, changed where it stands: one field, the plan, then Confirm."""

import pytest
from django.utils import timezone

from resellers import policy
from resellers.models import Operation
from resellers.operations.kinds.external_id import ExternalIdWish
from tests import worlds
from tests.dashboard.submitting import hidden_fields, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def package():
    package = worlds.package(worlds.account("North Bakery"), external_id="order-1")
    worlds.instance(package)
    return package


def in_place(client, package) -> str:
    """The package's page as it is for whoever that is."""
    return client.get(package.get_absolute_url()).content.decode()


def test_who_may_change_it_finds_a_field_with_the_present_one(operator, package):
    html = in_place(operator, package)

    assert f'action="{package.get_absolute_url()}external-id/"' in html
    assert 'name="external_id" value="order-1"' in html


def test_who_may_not_sees_it_and_nothing_to_press(viewer, package):
    html = in_place(viewer, package)

    assert "order-1" in html
    assert f'action="{package.get_absolute_url()}external-id/"' not in html


def test_nothing_is_offered_while_it_cannot_be_changed(operator, package):
    form = f'action="{package.get_absolute_url()}external-id/"'

    operation = worlds.planned(package, ExternalIdWish("order-2"))
    assert form not in in_place(operator, package)
    operation.delete()
    policy.set_read_only("Wix moves our account tonight.", by=worlds.user("admin"))
    assert form not in in_place(operator, package)


def test_the_one_field_leads_to_the_plan_and_is_recorded_once(operator, package):
    address = f"{package.get_absolute_url()}external-id/"

    plan = operator.post(address, {"external_id": "order-2"})
    confirm = hidden_fields(plan, "confirm")
    operator.post(address, confirm)
    operator.post(address, confirm)

    assert plan.status_code == 200
    assert "order-1" in text(plan)
    assert Operation.objects.get().wish == {"external_id": "order-2"}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Type the new external id."),
        ("\u200b \u3164", "Type the new external id."),
        ("x" * 101, "An external id has 100 characters at most, and this has 101. Shorten it."),
        ("..", "where . and .. alone lead elsewhere. Add another character."),
    ],
)
def test_a_wrong_one_answers_with_the_form_and_words_beside_the_field(
    operator, package, typed, words
):
    answer = operator.post(f"{package.get_absolute_url()}external-id/", {"external_id": typed})

    assert answer.status_code == 422
    assert 'id="external_id-error"' in answer.content.decode()
    assert f'value="{typed}"' in answer.content.decode()
    assert words in text(answer)


@pytest.mark.parametrize("typed", ["two words", "a/b", "ä & <b>", "50%", "x" * 100, " order-2 "])
def test_any_other_text_is_planned_and_sent_as_it_was_typed(operator, package, typed):
    address = f"{package.get_absolute_url()}external-id/"

    plan = operator.post(address, {"external_id": typed})
    operator.post(address, hidden_fields(plan, "confirm"))

    assert Operation.objects.get().wish == {"external_id": typed.strip()}


def test_an_old_one_with_blanks_around_is_put_back_to_the_letter(operator, package):
    done = {"state": "succeeded", "finished_at": timezone.now()}
    wish = ExternalIdWish("order-1")
    past = worlds.planned(package, wish, before={"external_id": " a b "}, **done)
    page = operator.get(past.get_absolute_url())
    address = f"{package.get_absolute_url()}external-id/"

    plan = operator.post(address, {"external_id": " a b ", "undo_of": past.pk})

    assert "Undo" in text(page)
    assert plan.status_code == 200
    assert plan.context["plan"].wish.external_id == " a b "
