"""People as an admin sees them: who is here, what they may do, and what becomes of who leaves."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from dashboard.models import SavedView
from resellers import leaving
from resellers.cases import verbs
from resellers.models import AuditEntry, BulkRun, Case, Flow, Policy
from resellers.people import limits, rights
from tests import worlds
from tests.dashboard.signin.second_factors import give_app
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def address(person, what=""):
    return f"/people/{person.pk}/{what}"


def test_people_are_an_admins_alone(log_in):
    person = worlds.user("viewer", "somebody")
    for role in ("viewer", "operator", "manager"):
        client = log_in(role)
        for path in ("/people/", "/people/invite/", address(person), "/people/export.csv"):
            assert client.get(path).status_code == 403, path
        for what in ("role/", "link/", "factors/reset/", "sessions/end/", "deactivate/"):
            assert client.post(address(person, what)).status_code == 403, what


def test_the_list_says_how_each_stands_in_a_fixed_number_of_statements(
    admin,
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def page():
        with CaptureQueriesContext(connection) as caught:
            answer = admin.get("/people/")
        return text(answer), len(caught)

    give_app(worlds.user("operator", "mary"))
    page()
    few, cost = page()
    for number in range(12):
        worlds.user("viewer", f"person{number}")
    many, cost_of_many = page()

    assert "mary" in few
    assert "Set up" in few
    assert "person11" in many
    assert cost_of_many == cost


def test_a_role_and_the_right_to_take_lists_away_count_at_once(admin):
    person = worlds.user("viewer", "mary")
    client = Client()
    client.force_login(person)
    assert client.get("/instances/export.csv").status_code == 200

    assert admin.post(address(person, "role/"), {"role": "manager"}).status_code == 302

    assert client.get("/instances/export.csv").status_code == 403
    assert "Export" not in text(client.get("/instances/"))
    assert client.get("/audit/").status_code == 200
    bodies = dict(AuditEntry.objects.filter(actor=admin.user).values_list("event", "body"))
    assert bodies["person.role"] == {"person": "mary", "role": "manager", "before": ["viewer"]}
    assert bodies["person.export"] == {"person": "mary", "may": False}


def test_nobody_removes_the_last_admin(admin):
    me, invited = admin.user, worlds.user("admin", "invited")
    invited.set_unusable_password()
    invited.save()

    for what, fields in (("role/", {"role": "viewer"}), ("deactivate/", {})):
        answer = admin.post(address(me, what), fields)
        assert answer.status_code == 422
        assert "last admin" in text(answer)
    invited.set_password(worlds.PASSWORD)
    invited.save()
    assert admin.post(address(me, "role/"), {"role": "viewer"}).status_code == 302
    assert rights.role_of(User.objects.get(pk=me.pk)) == "viewer"


def test_who_leaves_is_out_at_once_and_what_they_held_is_a_colleagues(admin):
    leaver, colleague = worlds.user("operator", "leaver"), worlds.user("operator", "mary")
    client = Client()
    client.force_login(leaver)
    worlds.instance(status="FAILED")
    from resellers import cases

    cases.keep()
    case = Case.objects.get()
    verbs.take([case.pk], by=leaver)
    flow = Flow.objects.create(kind="site_handover", owner=leaver, begun_by=leaver, state="open")
    run = BulkRun.objects.create(
        kind="order_again", by=leaver, state="paused", confirmed_at=timezone.now()
    )
    for person in (leaver, colleague):
        SavedView.objects.create(
            noun="instances", name="Renewals", made_by=person, audience="everyone"
        )
    account = worlds.account(looked_after_by=leaver)
    link_holder = leaving.holdings(leaver)
    assert (link_holder.cases, link_holder.flows, link_holder.runs) == (1, 1, 1)

    refused = admin.post(address(leaver, "deactivate/"))
    assert refused.status_code == 422
    assert "Choose who goes on" in text(refused)
    answer = admin.post(address(leaver, "deactivate/"), {"to": colleague.pk})

    assert answer.status_code == 302
    assert client.get("/")["Location"].startswith("/login/")
    form = {"username": "leaver", "password": worlds.PASSWORD}
    assert "do not match" in text(Client().post("/login/", form))
    for row, field in ((case, "owner"), (flow, "owner"), (run, "by"), (account, "looked_after_by")):
        row.refresh_from_db()
        assert getattr(row, field) == colleague, row
    names = SavedView.objects.filter(made_by=colleague).values_list("name", flat=True)
    assert set(names) == {"Renewals", "Renewals (leaver)"}
    assert flow.begun_by == leaver
    assert not leaving.holdings(leaver)

    assert admin.post(address(leaver, "reactivate/")).status_code == 302
    assert Client().post("/login/", form).status_code == 302


def test_a_held_name_is_seen_and_lifted(admin, client):
    person = worlds.user("viewer", "mary")
    for number in range(6):
        form = {"username": "mary", "password": "a guess"}
        client.post("/login/", form, REMOTE_ADDR=f"203.0.113.{number}")
    hold = limits.held().get()

    assert "mary" in text(admin.get("/people/"))
    assert "Nobody can log in under this name" in text(admin.get(address(person)))
    admin.post(f"/people/holds/{hold.pk}/lift/")

    assert client.post("/login/", form | {"password": worlds.PASSWORD}).status_code == 302


def test_what_an_admin_does_about_people_asks_who_they_are_after_ten_minutes(admin):
    person = worlds.user("viewer", "mary")
    session = admin.session
    session["password_given_at"] -= 11 * 60
    session.save()

    answer = admin.post(
        address(person, "role/"),
        {"role": "admin"},
        headers={"Referer": f"http://testserver{address(person)}"},
    )

    assert answer["Location"] == f"/me/confirm/?next=%2Fpeople%2F{person.pk}%2F"
    assert rights.role_of(person) == "viewer"
    again = admin.post(answer["Location"], {"password": worlds.PASSWORD, "next": address(person)})
    assert again["Location"] == address(person)
    assert admin.post(address(person, "role/"), {"role": "manager"}).status_code == 302


def test_a_second_factor_is_demanded_on_the_page_of_the_policy(admin):
    assert admin.post("/policy/second-factor/", {"roles": ["viewer"]}).status_code == 302
    assert Policy.objects.get().second_factor_for == ["viewer"]
    assert admin.post("/policy/second-factor/", {"roles": ["king"]}).status_code == 422


def test_own_sessions_are_seen_and_all_ended(client):
    worlds.user("viewer")
    form = {"username": "viewer", "password": worlds.PASSWORD}
    other = Client()
    for one, agent in ((client, "Firefox/140.0 (X11; Linux)"), (other, "Chrome/140 Windows")):
        one.post("/login/", form, headers={"User-Agent": agent})
    page = text(client.get("/me/sessions/"))
    assert "Firefox on Linux" in page
    assert "Chrome on Windows" in page

    assert client.post("/me/sessions/end/")["Location"] == "/login/"

    assert other.get("/")["Location"].startswith("/login/")
    assert client.get("/")["Location"].startswith("/login/")


def test_an_own_password_is_changed_by_djangos_rules_and_ends_other_sessions(viewer):
    other = Client()
    other.force_login(viewer.user)
    good = "copper kettle and a violin"

    weak = viewer.post("/me/password/", {"new_password1": "1", "new_password2": "1"})
    right = viewer.post("/me/password/", {"new_password1": good, "new_password2": good})

    assert (weak.status_code, right.status_code) == (422, 302)
    assert viewer.get("/").status_code == 200
    assert other.get("/").status_code == 302
    assert AuditEntry.objects.filter(event="password.changed", actor=viewer.user).exists()
