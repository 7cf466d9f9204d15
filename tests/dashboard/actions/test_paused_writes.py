"""After Wix refused our key: what everybody sees, and who may go on."""

import pytest

from resellers import breaker, policy
from tests import worlds
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

RESUME = "/operations/resume-writes/"


@pytest.fixture(autouse=True)
def paused(db) -> None:
    breaker.pause_writes("Wix does not accept the key.")


def test_every_page_says_that_writing_is_paused_and_why(viewer):
    page = viewer.get("/").content.decode()

    assert "Writing to Wix is paused." in page
    assert "Wix does not accept the key." in page


@pytest.mark.parametrize(
    ("role", "may"), [("viewer", False), ("operator", False), ("manager", True)]
)
def test_only_who_may_resume_is_offered_to(log_in, role, may):
    client = log_in(role)

    assert (RESUME in client.get("/").content.decode()) is may
    assert client.post(RESUME).status_code == (302 if may else 403)
    assert policy.writes_are_paused() is not may


def test_after_the_resume_wishes_are_taken_again(manager, log_in):
    operator = log_in("operator")
    instance = worlds.instance()
    address = f"/instances/{instance.pk}/unassign/"
    plan = {"plan": "f" * 64, "request_id": str(worlds.new_id())}
    assert operator.post(address, plan).status_code == 409

    answer = manager.post(RESUME, follow=True)

    assert "Writing to Wix goes on." in text(answer)
    assert operator.post(address, plan).status_code == 422, "only the plan is not the one shown"
