"""Customers' names: Wix gives ids, the agency writes the rest."""

import pytest

from resellers.mirror import figures
from resellers.models import AuditEntry
from tests import worlds
from tests.dashboard.listing import PART, listed_ids, rows, table
from tests.dashboard.submitting import hidden_fields, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FIELDS = {"name": "North", "email": "a@north.example", "group": "gold", "reference": "K-7"}


def edit(account) -> str:
    return f"/accounts/{account.pk}/edit/"


def test_accounts_without_a_name_are_one_press_away_with_their_number(viewer):
    worlds.account("North")
    unnamed = worlds.account("")

    page = viewer.get("/accounts/", headers=PART).context["page"]

    tabs = {tab.label: (tab.link, tab.count) for tab in page.tabs.every}
    assert tabs["Waits for a name"] == ("/accounts/?state=unnamed", 1)
    assert list(viewer.get("/accounts/?state=unnamed", headers=PART).context["page"].rows) == [
        unnamed
    ]


@pytest.mark.django_db(transaction=True)
def test_a_manager_names_a_customer_from_the_list_and_comes_back_to_it(manager):
    account = worlds.account("", email="")
    here = "http://testserver/accounts/?state=unnamed"
    assert f'href="{edit(account)}"' in rows(manager.get("/accounts/?state=unnamed"))[0]

    form = manager.get(edit(account), headers={"Referer": here})
    answer = manager.post(edit(account), FIELDS | {"back": "/accounts/?state=unnamed"})

    assert "/accounts/?state=unnamed" in form.content.decode()
    assert answer["Location"] == "/accounts/?state=unnamed"
    account.refresh_from_db()
    assert [getattr(account, name) for name in FIELDS] == list(FIELDS.values())
    [entry] = AuditEntry.objects.filter(event="customer.changed")
    assert (entry.actor, entry.account_id) == (manager.user, account.pk)
    assert entry.body["changes"]["name"] == ["", "North"]
    assert figures.read().counts["unnamed_accounts"] == 0


@pytest.mark.django_db(transaction=True)
def test_who_looks_after_a_customer_is_said_in_place_and_finds_them_and_what_they_hold(manager):
    lena = worlds.user("operator", "lena", first_name="Lena", last_name="Hartwig")
    mill, yoga = worlds.account("Mill"), worlds.account("Harbour Yoga")
    package = worlds.package(mill)
    service = worlds.instance(package)
    worlds.instance(worlds.package(yoga))

    assert "Looked after by" in text(manager.get(edit(mill)))
    manager.post(edit(mill), FIELDS | {"name": "Mill", "looked_after_by": "lena"})

    [entry] = AuditEntry.objects.filter(event="customer.changed")
    assert entry.body["changes"]["looked_after_by"] == [None, "lena"]
    assert "looked after by Lena Hartwig" in text(manager.get(f"/accounts/{mill.pk}/"))
    for noun, found in (("accounts", mill), ("packages", package), ("instances", service)):
        assert listed_ids(manager, f"/{noun}/?looked_after=lena") == [str(found.pk)]
        assert str(found.pk) not in listed_ids(manager, f"/{noun}/?looked_after=nobody")
    [row] = table(manager.get("/accounts/export.csv?q=looked_after:lena"))
    assert row["looked_after_by"] == "lena"

    refused = manager.post(edit(yoga), FIELDS | {"looked_after_by": "somebody"})
    assert refused.status_code == 422
    assert "Choose somebody who may log in, or nobody." in text(refused)

    lena.is_active = False
    lena.save(update_fields=["is_active"])
    assert '<option value="lena" selected>' in manager.get(edit(mill)).content.decode()
    assert "lena" not in manager.get(edit(yoga)).content.decode()


@pytest.mark.parametrize(
    "back",
    [
        "",
        "https://evil.example/accounts/",
        "//evil.example/accounts/?",
        "/instances/",
        "/accounts/../",
        "http://[",
    ],
)
def test_it_leads_nowhere_but_to_the_list_or_the_account(manager, back):
    account = worlds.account()

    answer = manager.post(edit(account), FIELDS | {"back": back})

    assert answer["Location"] == f"/accounts/{account.pk}/"
    assert manager.get(edit(account), headers={"Referer": back}).status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "  ", "Write the customer's name"),
        ("name", "\u200b\u3164", "Write the customer's name"),
        ("email", "nobody", "This is no e-mail address"),
        ("email", "a@x.example; b@x.example", "This is no e-mail address"),
        ("group", "x" * 101, "at most 100 characters"),
        ("group", "Retail\nNorth", "Group holds a line break or a tab"),
    ],
)
def test_what_cannot_be_taken_is_said_and_everything_typed_is_kept(manager, field, value, words):
    account = worlds.account("Old")

    answer = manager.post(edit(account), FIELDS | {field: value, "back": "/accounts/?q=o"})

    assert answer.status_code == 422
    assert words in text(answer)
    assert 'value="K-7"' in answer.content.decode()
    assert hidden_fields(answer, edit(account))["back"] == "/accounts/?q=o"
    account.refresh_from_db()
    assert account.name == "Old"


@pytest.mark.parametrize(
    ("role", "may"), [("viewer", False), ("operator", False), ("manager", True), ("admin", True)]
)
def test_only_who_may_write_meets_the_links_and_gets_through(log_in, role, may):
    client, account = log_in(role), worlds.account()

    for page in ("/accounts/", f"/accounts/{account.pk}/"):
        assert (edit(account) in client.get(page).content.decode()) is may
    assert ("/accounts/import/" in client.get("/accounts/").content.decode()) is may
    assert client.get(edit(account)).status_code == (200 if may else 403)
    assert client.post(edit(account), {}).status_code == (422 if may else 403)
    assert client.post("/accounts/import/", {}).status_code == (422 if may else 403)
