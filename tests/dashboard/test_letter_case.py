"""Names are found in capitals and in small letters, whatever their alphabet."""

import pytest

from resellers.models import Account
from tests import worlds
from tests.dashboard.listing import PART, asking

pytestmark = [pytest.mark.django_db, pytest.mark.every_value]
LISTS = (
    "/accounts/",
    "/packages/",
    "/instances/",
    "/sites/",
    "/failures/failed-services/",
    "/operations/",
)


@pytest.fixture
def named(db):
    """A failed service of which every name has letters beyond ASCII, and an operation on it."""
    account = worlds.account("Šiaulių Kepykla", reference="Žž-7")
    site = worlds.site(account, "zalias", display_name="ŽALIAS Namas")
    product = worlds.product("Elitinis ĄŽUOLAS")
    failed = {"status": "FAILED", "product": product}
    service = worlds.instance(worlds.package(account, external_id="Užsakymas-Æ"), site, **failed)
    worlds.operation(service)
    worlds.instance(worlds.package(worlds.account("Bakery")), status="FAILED")
    return service


@pytest.mark.parametrize(
    "typed", ["šiaul", "ŠIAUL", "KEPYKLA šiaulių", "žž-7", "žalias", "užsakymas-æ"]
)
def test_search_finds_a_name_in_any_case(viewer, named, typed):
    assert viewer.get("/search/", {"q": typed}).context["total"]


@pytest.mark.parametrize("path", LISTS)
def test_lists_find_in_small_letters_what_they_find_in_capitals(viewer, named, path):
    for typed in ("šiaul", "ŠIAUL", "ąžuolas", "žalias", "užsakymas-æ", "ŽŽ-7"):
        spelled = {
            text: viewer.get(asking(path, q=text), headers=PART).context["page"].count
            for text in {typed, typed.upper(), typed.lower()}
        }

        assert len(set(spelled.values())) == 1, spelled
        assert set(spelled.values()) <= {0, 1}, spelled
        if "iaul" in typed.lower() and path != "/sites/":
            assert spelled[typed] == 1


@pytest.mark.parametrize(
    ("name", "typed", "finds"),
    [
        ("Bakery", "bAKE", True),
        ("a%b", "a%b", True),
        ("axb", "a%b", False),
        ("a_b", "A_B", True),
        ("axb", "a_b", False),
        ("a\\b", "a\\B", True),
        ("Δρόμος", "ΔΡΌΜΟΣ", True),
        ("хлеб", "ХЛЕБ", True),
        ("two\nlines", "lines", True),
        ("(.*)", "(.*)", True),
        ("plain", "(.*)", False),
    ],
)
def test_a_word_is_a_word_and_no_pattern(name, typed, finds):
    worlds.account(name)

    assert Account.objects.filter(name__icontains=typed).exists() is finds
    assert Account.objects.filter(name__iexact=typed).exists() is (
        finds and len(typed) == len(name)
    )
    assert Account.objects.filter(name__istartswith=typed).exists() is (finds and typed != "lines")
