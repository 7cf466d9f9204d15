"""Roles are explained; an admin limits people, and looks as another role sees it."""

import pytest

from resellers import scopes
from resellers.models import AuditEntry
from tests import worlds
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_everybody_reads_what_each_role_may_and_only_admins_may_look_as_one(log_in):
    for role in ("viewer", "admin"):
        page = text(log_in(role).get("/roles/"))
        assert "Cancel services and packages" in page
        assert ("View as Operator" in page) == (role == "admin")
    assert log_in("manager").post("/roles/view-as/", {"role": "viewer"}).status_code == 403


def test_an_admin_who_looks_as_another_role_sees_its_pages_and_changes_nothing(admin):
    service = worlds.instance()
    assert admin.post("/roles/view-as/", {"role": "nobody"})["Location"] == "/roles/"
    assert admin.get("/policy/").status_code == 200

    admin.post("/roles/view-as/", {"role": "viewer"})

    page = admin.get(f"/instances/{service.pk}/")
    assert "You see this as: Viewer." in page.content.decode()
    assert f"/instances/{service.pk}/reassign/" not in page.content.decode()
    for path in ("/policy/", "/audit/", "/people/", f"/instances/{service.pk}/reassign/"):
        assert admin.get(path).status_code == 403, path
    # Not even what a viewer may: it would be the admin's doing.
    assert admin.post("/me/theme/", {"theme": "dark"}).status_code == 403
    assert admin.post("/roles/view-as/", {"role": "admin"}).status_code == 403

    admin.post("/roles/view-as/end/")
    assert admin.get("/policy/").status_code == 200
    began, ended = AuditEntry.objects.filter(event__startswith="view_as").order_by("seq")
    assert (began.event, ended.event) == ("view_as.begun", "view_as.ended")
    assert began.body == ended.body == {"role": "viewer"}


def test_an_admin_limits_a_colleague_to_groups_and_lifts_that(admin):
    worlds.account("North Bakery", group="Food")
    worlds.account("Harbour Yoga", group="Sport")
    person = worlds.user("manager", "mary")
    address = f"/people/{person.pk}/scope/"

    assert "Food" in text(admin.get(address))
    wrong = admin.post(address, {"limited": "some"})
    unknown = admin.post(address, {"limited": "some", "groups": ["Nowhere"]})
    done = admin.post(address, {"limited": "some", "groups": ["Food"]})

    assert (wrong.status_code, unknown.status_code, done.status_code) == (422, 422, 302)
    assert "Choose one at least." in text(wrong)
    assert scopes.groups_of(person) == ["Food"]
    assert "They see the customers of Food" in text(admin.get(f"/people/{person.pk}/"))
    admins = admin.post(f"/people/{admin.user.pk}/scope/", {"limited": "some", "groups": ["Food"]})
    assert admins.status_code == 422
    admin.post(address, {"limited": "every"})
    assert scopes.groups_of(person) is None
