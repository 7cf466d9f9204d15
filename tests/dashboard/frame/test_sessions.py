"""Logging in, the session that ends, and the forms that come too late."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/instances/?status=FAILED"}


def test_log_in_leads_to_the_page_that_was_asked_for(client):
    worlds.user("viewer")

    refused = client.get("/instances/?status=FAILED")
    answer = client.post(
        "/login/",
        {"username": "viewer", "password": worlds.PASSWORD, "next": "/instances/?status=FAILED"},
    )

    assert refused["Location"] == "/login/?next=%2Finstances%2F%3Fstatus%3DFAILED"
    assert answer["Location"] == "/instances/?status=FAILED"


def test_a_wrong_password_is_said_and_the_name_kept(client):
    worlds.user("viewer")

    html = client.post("/login/", {"username": "viewer", "password": "wrong"}).content.decode()

    assert "do not match" in html
    assert 'value="viewer"' in html
    assert "wrong" not in html


def test_log_in_never_leads_to_another_host(client):
    worlds.user("viewer")
    form = {"username": "viewer", "password": worlds.PASSWORD, "next": "https://evil.example/"}

    assert client.post("/login/", form)["Location"] == "/"


def test_log_out_is_a_post_and_ends_the_session(viewer):
    assert viewer.get("/logout/").status_code == 405

    answer = viewer.post("/logout/")

    assert answer["Location"] == "/login/"
    assert viewer.get("/")["Location"].startswith("/login/")


def test_log_in_needs_no_redis(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    worlds.user("viewer")

    answer = client.post(
        "/login/", {"username": "viewer", "password": worlds.PASSWORD}, follow=True
    )

    assert answer.status_code == 200
    assert "Overview" in answer.content.decode()


def test_a_session_ends_after_half_an_hour_without_a_person(viewer):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        viewer.get("/")
        clock.shift(timedelta(minutes=29))
        assert viewer.get("/").status_code == 200
        clock.shift(timedelta(minutes=29))
        assert viewer.get("/").status_code == 200
        clock.shift(timedelta(minutes=31))
        assert viewer.get("/instances/")["Location"] == "/login/?next=%2Finstances%2F"


def test_a_page_that_polls_keeps_no_session_alive(viewer):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        viewer.get("/")
        for _ in range(30):
            clock.shift(timedelta(minutes=1))
            assert viewer.get("/", headers={"X-Poll": "1"}).status_code == 200
        clock.shift(timedelta(minutes=1))
        assert viewer.get("/", headers={"X-Poll": "1"}).status_code == 302


def test_reading_pages_does_not_write_the_session_each_time(viewer, django_assert_num_queries):
    viewer.get("/reports/")

    with connection.execute_wrapper(no_writes):
        assert viewer.get("/reports/").status_code == 200


def no_writes(execute, sql, params, many, context):
    assert not sql.lstrip().upper().startswith(("UPDATE", "INSERT", "DELETE")), sql
    return execute(sql, params, many, context)


def test_an_expired_session_sends_htmx_to_log_in_and_back_to_the_page(client):
    answer = client.get("/instances/?page=2", headers=HTMX)

    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/login/?next=%2Finstances%2F%3Fstatus%3DFAILED"


def test_an_expired_session_in_a_form_leads_back_to_the_forms_page(client):
    answer = client.post("/mirror/sync/", headers={"Referer": "http://testserver/mirror/"})

    assert answer["Location"] == "/login/?next=%2Fmirror%2F"


def test_a_form_of_another_site_is_refused(operator):
    answer = operator.post("/logout/", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert operator.get("/").status_code == 200


def test_a_form_without_its_token_is_refused_in_words():
    client = Client(enforce_csrf_checks=True)

    answer = client.post("/login/", {"username": "x", "password": "y"})

    assert answer.status_code == 403
    assert "can no longer be sent" in answer.content.decode()
