"""Failed services: what Wix says, what it means, what to do."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from resellers.models import Figures
from resellers.refusals import FAILURES, explain_failure
from tests import worlds
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def failed(code="DELIVERY_TIMEOUT", **fields):
    return worlds.instance(status="FAILED", failure_code=code, **fields)


@pytest.mark.parametrize("code", [*FAILURES, "INVENTED_SINCE", ""])
def test_each_cause_tells_code_meaning_and_what_to_do(viewer, code):
    failed(code)

    words = text(viewer.get("/failures/failed-services/"))

    assert (code or "No code") in words
    assert str(explain_failure(code).words) in words
    assert str(explain_failure(code).next_step) in words


def test_wixs_own_words_are_shown_as_text(viewer):
    failed(failure_message="No answer from <b>the provider</b>")

    answer = viewer.get("/failures/failed-services/")

    assert "“No answer from <b>the provider</b>”" in text(answer)
    assert "<b>the provider" not in answer.content.decode()


def test_only_failed_services_that_wix_still_has_are_listed(viewer):
    listed = failed()
    others = [worlds.instance(), worlds.instance(status="CANCELED"), failed(gone_at=timezone.now())]

    page = viewer.get("/failures/failed-services/").content.decode()

    assert f'href="/instances/{listed.pk}/"' in page
    assert not any(f'href="/instances/{other.pk}/"' in page for other in others)


def test_the_newest_failure_comes_first(viewer):
    now = timezone.now()
    old = failed(status_since=now - timedelta(days=9))
    new = failed(status_since=now - timedelta(minutes=4))

    page = viewer.get("/failures/failed-services/").content.decode()

    assert page.index(str(new.pk)) < page.index(str(old.pk))
    assert "4 min ago" in page


@pytest.mark.parametrize("name", ["failure_code", "account", "product", "q"])
def test_the_list_is_filtered(viewer, name):
    wanted = failed("EXTERNAL_FAILURE", product=worlds.product("Logo Pack"))
    other = failed()
    query = {
        "failure_code": "EXTERNAL_FAILURE",
        "account": str(wanted.account_id),
        "product": str(wanted.product_id),
        "q": "logo",
    }

    page = viewer.get("/failures/failed-services/", {name: query[name]}).content.decode()

    assert f'href="/instances/{wanted.pk}/"' in page
    assert f'href="/instances/{other.pk}/"' not in page


def test_nothing_failed_is_said_aloud_with_the_mirrors_age(viewer):
    Figures.objects.create(pk=1, mirror_whole_at=timezone.now() - timedelta(minutes=3))

    words = text(viewer.get("/failures/failed-services/"))

    assert "Nothing failed" in words
    assert "last read in full 3 min ago" in words


def test_nothing_failed_is_not_believed_before_wix_was_read(viewer):
    assert "Wix was not read in full yet" in text(viewer.get("/failures/failed-services/"))


def test_the_file_has_the_rows_of_the_page(viewer):
    wanted = failed("EXTERNAL_FAILURE", failure_message="=cmd()")
    failed()

    answer = viewer.get(
        "/failures/failed-services/export.csv", {"failure_code": "EXTERNAL_FAILURE"}
    )

    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(content))
    assert row["instance_id"] == str(wanted.pk)
    assert row["failure_message"] == "'=cmd()"
    assert row["failed_since_utc"].endswith("Z")


def test_ten_rows_cost_as_many_queries_as_fifty(viewer, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(10):
        failed()
    viewer.get("/failures/failed-services/")
    with CaptureQueriesContext(connection) as ten:
        viewer.get("/failures/failed-services/")
    for _ in range(40):
        failed()

    with django_assert_num_queries(len(ten)):
        viewer.get("/failures/failed-services/")


def test_who_is_not_logged_in_is_sent_to_log_in(client):
    assert client.get("/failures/failed-services/")["Location"].startswith("/login/")


def test_a_failure_of_the_sandbox_is_told_with_its_words(mirror, viewer):
    from resellers.models import ProductInstance

    one = ProductInstance.objects.filter(status="FAILED").first()
    assert one, "this world has a failed service"

    answer = viewer.get("/failures/failed-services/", {"account": str(one.account_id)})

    assert one.failure_code in text(answer)
    assert one.failure_message in text(answer)
