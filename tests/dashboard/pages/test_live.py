"""News on an open page: how what one had asked for has ended, each once and to nobody else."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resellers.models import Operation
from tests import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def me(operator):
    """Whoever is logged in, with a page open: what had ended before is no news."""
    ask(operator)
    return User.objects.get(username="operator")


def ask(client, at: str = "/"):
    headers = {"HX-Request": "true", "HX-Current-URL": f"https://testserver{at}", "X-Poll": "1"}
    return client.post("/live/", headers=headers)


def ended(by: User, state: str = "succeeded", **fields) -> Operation:
    return worlds.operation(by=by, state=state, finished_at=timezone.now(), **fields)


def test_how_an_operation_ended_is_said_once(operator, me):
    operation = ended(me)

    first, second = ask(operator), ask(operator, "/instances/")

    page = first.content.decode()
    assert first.status_code == 200
    assert f'href="{operation.get_absolute_url()}"' in page
    assert "Succeeded" in page
    assert str(operation.account) in page
    assert second.status_code == 204


def test_what_needs_a_decision_is_said_and_what_is_under_way_is_not(operator, me):
    under_way = worlds.operation(by=me, state="running")
    waiting = worlds.operation(by=me, state="needs_attention")

    page = ask(operator).content.decode()

    assert f'href="{waiting.get_absolute_url()}">Decide</a>' in page
    assert f"toast-{under_way.pk}-" not in page
    Operation.objects.filter(pk=waiting.pk).update(state="succeeded", finished_at=timezone.now())
    assert f"toast-{waiting.pk}-" in ask(operator).content.decode()


def test_the_page_of_an_operation_says_itself_how_that_one_ended(operator, me):
    operation = ended(me)

    assert ask(operator, operation.get_absolute_url()).status_code == 204
    assert ask(operator).status_code == 204


def test_nobody_hears_of_what_another_asked_for(operator, viewer, me):
    ended(worlds.user("manager", "colleague"))

    assert ask(operator).status_code == 204
    assert ask(viewer).status_code == 204


def test_the_first_page_says_nothing_of_what_ended_before_the_log_in(operator):
    person = User.objects.get(username="operator")
    past = ended(person)
    Operation.objects.filter(pk=past.pk).update(
        finished_at=person.last_login - timedelta(seconds=1)
    )

    assert ask(operator).status_code == 204
    assert ask(operator).status_code == 204


def test_many_are_said_in_one_sentence(operator, me):
    for state in ("succeeded", "succeeded", "failed", "rolled_back"):
        ended(me, state)

    page = ask(operator).content.decode()

    assert page.count('class="toast"') == 1
    assert "4 operations have ended, 2 not as asked" in page


def test_asking_takes_the_same_few_queries_however_much_has_ended(operator, me):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            ask(operator)
        return len(captured)

    quiet = queries()
    ended(me)
    one = queries()
    for _ in range(30):
        ended(me)

    assert quiet <= 7
    assert queries() == one <= 10


def test_it_is_asked_for_by_a_form_alone(operator):
    assert operator.get("/live/").status_code == 405


def test_a_page_that_asks_is_no_sign_of_a_person(operator, me, settings):
    session = operator.session
    session["seen_at"] -= settings.SESSION_IDLE_SECONDS - 5
    session.save()
    before = operator.session["seen_at"]

    ask(operator)

    assert operator.session["seen_at"] == before
