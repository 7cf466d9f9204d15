"""What looks the same is found, filtered, grouped and sorted as one, on every database."""

import re

import pytest

from dashboard.lists import page as list_page
from resellers.mirror import imports
from resellers.models import Account
from tests import worlds
from tests.dashboard.listing import PART, asking, rows
from tests.dashboard.submitting import text

pytestmark = pytest.mark.django_db

COMPOSED, DECOMPOSED = "Crêperie Noël", "Cre\u0302perie Noe\u0308l"
IDN, ACE = "bäcker.example", "xn--bcker-gra.example"


def found(client, path: str, **query: str) -> list[str]:
    """What the list shows then, by name and in its order."""
    return [
        str(row) for row in client.get(asking(path, **query), headers=PART).context["page"].rows
    ]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        *((COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED), ("creperie NOEL", DECOMPOSED)),
        *(
            ("šiaulių", "SIAULIU Kepykla"),
            ("lodz", "Łódź"),
            ("Łódź", "lodz"),
            ("strasse", "Straße"),
        ),
        *(("İSTANBUL", "istanbul"), ("kadikoy", "Kadıköy"), ("Ærø", "AERO"), ("ёлка", "ЕЛКА")),
        *(("harbour", "Ｈａｒｂｏｕｒ"), ("fish", "ﬁsh"), ("harbour", "Har\u00adbour\u200b")),
        *(("o'neil", "O’Neil"), ("north west", "North\u00a0West"), ("coca-cola", "Coca‑Cola")),
    ],
)
def test_the_same_word_in_other_letters_is_found(viewer, typed, name):
    account = worlds.account(name)
    service = worlds.instance(worlds.package(account))

    assert found(viewer, "/accounts/", q=typed) == [name]
    assert found(viewer, "/instances/", q=typed) == [str(service)]
    assert " ".join(name.split()) in text(viewer.get(asking("/search/", q=typed)))


def test_a_text_that_nobody_can_see_asks_for_nothing(viewer):
    worlds.account("North")

    for typed in ("\u200b", "north \u200b", "\u3164 north"):
        assert found(viewer, "/accounts/", q=typed) == ["North"]


def test_a_group_is_one_however_its_letters_are_written(viewer, tmp_path):
    file = tmp_path / "customers.csv"
    header, ids = "account_id,name,group", [worlds.new_id() for _ in range(2)]
    lines = (f"{ids[0]},{DECOMPOSED},Ho\u0302tellerie", f"{ids[1]},Zoé,Hôtellerie")
    file.write_text("\n".join([header, *lines]), encoding="utf-8")

    imports.import_customers(file)

    for typed in ("Hôtellerie", "Ho\u0302tellerie"):
        assert found(viewer, "/accounts/", group=typed) == [COMPOSED, "Zoé"]
    page = viewer.get("/accounts/", headers=PART).context["page"]
    [select] = [item for item in page.inputs if item.filter.name == "group"]
    assert [option.words for option in select.options] == ["Hôtellerie", "No group"]


# --- the order in which people look --------------------------------------------------------------

PEOPLES_ORDER = [
    *("", "24 Hours", "(7) Seven", "Äpfel & Birnen", "Apfelhof", "apple orchard", "École", "edge"),
    *("Łódź", "Lodz 2", "“Mill”", "O'Neil", "Öre", "Zebra", "zebra prints", "Zoo Shop", "Яблоко"),
]


def test_names_stand_in_the_order_in_which_people_look_for_them(viewer):
    for name in reversed(PEOPLES_ORDER):
        account = worlds.account(name)
        worlds.site(account, display_name=name, url="", name="")
        worlds.product(name, service_type=name)

    unnamed, *named = (
        row.name for row in viewer.get("/accounts/", headers=PART).context["page"].rows
    )
    assert [unnamed, *named] == PEOPLES_ORDER
    assert [
        row.name for row in viewer.get("/accounts/?sort=-name", headers=PART).context["page"].rows
    ] == [*reversed(PEOPLES_ORDER)]
    for path, name in (("/sites/", "display_name"), ("/catalog/", "name")):
        listed = [getattr(row, name) for row in viewer.get(path, headers=PART).context["page"].rows]
        # A site without a name stands where its address does.
        assert list(filter(None, listed)) == PEOPLES_ORDER[1:]
    types = [
        row.service_type
        for row in viewer.get("/catalog/?sort=type", headers=PART).context["page"].rows
    ]
    assert types == PEOPLES_ORDER


@pytest.mark.parametrize("sort", ["name", "-name"])
def test_pages_by_key_neither_skip_nor_repeat_what_sorts_as_one(viewer, monkeypatch, sort):
    monkeypatch.setattr(list_page, "PAGE_SIZE", 2)
    for name in ("Apfel", "Äpfel", "apfel", "", "ÄPFEL", "Zoo", "zoo", "Z'oo", "b", "\u2603"):
        worlds.account(name)
    seen, link = [], f"/accounts/?sort={sort}"

    while link:
        page = viewer.get(link, headers=PART).context["page"]
        seen += [row.pk for row in page.rows]
        back, link = page.previous_link, page.next_link

    assert len(seen) == len(set(seen)) == 10
    order = Account.objects.all() if sort == "name" else Account.objects.reverse()
    assert seen == [account.pk for account in order]
    assert [row.pk for row in viewer.get(back, headers=PART).context["page"].rows] == seen[-4:-2]


def test_an_account_is_found_and_sorted_by_its_new_name_at_once(manager):
    account, _ = worlds.account("Zebra"), worlds.account("Mole")
    fields = {"name": "Äpfel", "email": f"post@{IDN}", "group": "", "reference": ""}

    manager.post(f"/accounts/{account.pk}/edit/", fields)

    assert found(manager, "/accounts/") == ["Äpfel", "Mole"]
    assert found(manager, "/accounts/", q="apfel") == ["Äpfel"]
    assert found(manager, "/accounts/", q="Zebra") == []
    assert found(manager, "/accounts/", q=ACE) == ["Äpfel"]


# --- internationalised domains -------------------------------------------------------------------


@pytest.mark.parametrize("stored", [IDN, ACE])
def test_a_domain_is_found_and_shown_in_both_spellings(viewer, stored):
    account = worlds.account("North", email=f"post@{stored}")
    site = worlds.site(account, url=f"https://www.{stored}/")
    service = worlds.instance(worlds.package(account), site)
    both = f"www.{IDN} (www.{ACE})"

    for typed in (
        IDN,
        ACE,
        IDN.upper(),
        "backer",
        f"https://{IDN}/menu",
        f"https://{ACE}",
        f"www.{ACE}",
    ):
        assert [
            row.pk
            for row in viewer.get(asking("/sites/", q=typed), headers=PART).context["page"].rows
        ] == [site.pk]
        assert found(viewer, "/instances/", q=typed) == [str(service)]
    for typed in (f"post@{IDN}", f"post@{ACE}"):
        assert found(viewer, "/accounts/", q=typed) == ["North"]
    assert both in rows(viewer.get("/sites/"))[0]
    assert both in rows(viewer.get("/instances/"))[0]
    assert f"post@{IDN} (post@{ACE})" in rows(viewer.get("/accounts/"))[0]
    results = viewer.get(asking("/search/", q=IDN)).content.decode()
    assert f"<mark>{IDN}</mark>" in results
    assert both in re.sub("</?mark>", "", results)
    assert stored in b"".join(viewer.get("/sites/export.csv").streaming_content).decode()
