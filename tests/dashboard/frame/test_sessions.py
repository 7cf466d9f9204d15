"""Logging in, the session that ends, and the forms that come too late."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
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


def test_a_session_ends_twelve_hours_after_the_log_in_however_much_it_is_used(client):
    worlds.user("viewer")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.post("/login/", {"username": "viewer", "password": worlds.PASSWORD})
        end = Session.objects.get().expire_date
        for _ in range(35):
            clock.shift(timedelta(minutes=20))
            assert client.get("/").status_code == 200
        clock.shift(timedelta(minutes=19))
        assert client.get("/").status_code == 200
        clock.shift(timedelta(minutes=2))
        assert client.get("/")["Location"].startswith("/login/")
    assert Session.objects.get().expire_date == end


def test_a_log_in_that_nobody_used_ends_after_half_an_hour(viewer):
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        assert viewer.get("/").status_code == 302


def test_a_session_without_a_fixed_end_is_over(viewer):
    """Such were begun before there was one, and every page moved their end."""
    session = viewer.session
    del session["_session_expiry"]
    session.save()

    assert viewer.get("/").status_code == 302


def test_a_session_key_that_could_not_be_one_is_no_log_in(client):
    for key in ("\\000" + "a" * 31, "a" * 31, "A" * 32, "\\377" * 32):
        answer = client.get("/", headers={"Cookie": f'{settings.SESSION_COOKIE_NAME}="{key}"'})
        assert answer.status_code == 302


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


@pytest.mark.parametrize("value", ["http://[", "//[", "http://[::1", "\xff", "x" * 5000])
@pytest.mark.parametrize("header", ["Referer", "HX-Current-URL"])
def test_an_address_that_cannot_be_read_is_none(client, manager, header, value):
    headers = {header: value, "HX-Request": "true"}
    account = worlds.account()

    assert client.get("/", headers=headers).status_code == 204
    assert client.post("/mirror/sync/", headers={header: value}).status_code == 302
    assert manager.get(f"/accounts/{account.pk}/edit/", headers=headers).status_code == 200
    assert manager.post(f"/accounts/{account.pk}/refresh/", headers=headers).status_code == 302


def test_who_is_logged_in_is_led_on_from_the_log_in_wherever_they_were_to_go(viewer):
    for wanted in ("/login/", "http://[", "https://evil.example/", ""):
        assert viewer.get("/login/", {"next": wanted})["Location"] == "/"
    assert viewer.get("/login/", {"next": "/sites/"})["Location"] == "/sites/"


def test_a_form_of_another_site_is_refused(operator):
    answer = operator.post("/logout/", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert operator.get("/").status_code == 200


def test_a_form_without_its_token_is_refused_in_words():
    client = Client(enforce_csrf_checks=True)

    answer = client.post("/login/", {"username": "x", "password": "y"})

    assert answer.status_code == 403
    assert "can no longer be sent" in answer.content.decode()
