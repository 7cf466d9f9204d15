"""What faults do to the lists that are read page by page, by cursor and by offset."""

from collections.abc import Callable

import pytest

from tests.sandbox.addresses import CHILDREN, CONNECTED, SITES
from tests.sandbox.conftest import PACKAGES, Caller

# --- lists ---------------------------------------------------------------------------------------


class Paged:
    """A list that is read three at a time."""

    def __init__(self, match: str, name: str, ask: Callable[[Caller, str | None], dict]) -> None:
        self.match, self.name, self.ask = match, name, ask

    def page(self, wix: Caller, cursor: str | None = None) -> tuple[list, str | None]:
        """Its rows and the next cursor."""
        answer = self.ask(wix, cursor)
        paging = answer.get("metadata") or answer["pagingMetadata"]
        assert paging["count"] == len(answer[self.name])
        return answer[self.name], (paging.get("cursors") or {}).get("next")


def by_body(path: str) -> Callable[[Caller, str | None], dict]:
    def ask(wix: Caller, cursor: str | None) -> dict:
        paging = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        answer = wix.send("POST", path, {"query": {"cursorPaging": paging}})
        assert answer.status_code == 200, answer.text
        return answer.json()

    return ask


def by_address(path: str) -> Callable[[Caller, str | None], dict]:
    def ask(wix: Caller, cursor: str | None) -> dict:
        asked = f"{path}paging.limit=3" + (f"&paging.cursor={cursor}" if cursor else "")
        answer = wix.send("GET", asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return ask


LISTS = [
    Paged("query", "packages", by_body(f"{PACKAGES}/query")),
    Paged("sites", "sites", by_body(SITES)),
    Paged("domains", "connectedDomains", by_address(f"{CONNECTED}?")),
    Paged("domains", "suggestions", by_address("/domain-search/v2/suggest-domains?query=bakery&")),
]


@pytest.fixture(params=LISTS, ids=lambda one: one.name)
def listed(request: pytest.FixtureRequest, wix: Caller) -> Paged:
    """A list with more than three pages of three."""
    wix.switch(sites_scope="tree")
    for number in range(10):
        domain = {"domain": f"seite-{number}.example", "connectionType": "POINTING"}
        assert wix.send("POST", CONNECTED, {"connectedDomain": domain}).status_code == 200
    return request.param


def test_a_list_whose_cursor_expired_refuses_it(wix: Caller, listed: Paged):
    wix.faults({"match": listed.match, "effect": "expired_cursor", "times": 1})
    _, cursor = listed.page(wix)

    with pytest.raises(AssertionError, match="INVALID_CURSOR"):
        listed.page(wix, cursor)

    assert listed.page(wix, cursor)[0]


def test_a_list_shows_a_row_of_the_page_before_again(wix: Caller, listed: Paged):
    first, cursor = listed.page(wix)
    wix.faults({"match": listed.match, "effect": "duplicate_rows", "times": 1})

    second, _ = listed.page(wix, cursor)

    assert second[0] == first[-1]
    assert len(second) == 4


def test_a_list_of_one_page_shows_its_last_row_twice(wix: Caller, listed: Paged):
    wix.faults({"match": listed.match, "effect": "duplicate_rows", "times": 1})

    rows, _ = listed.page(wix)

    assert rows[-1] == rows[-2]


@pytest.mark.parametrize("effect", ["empty_page", "repeat_page"])
def test_a_list_that_does_not_advance_goes_on_where_it_stood(
    wix: Caller, listed: Paged, effect: str
):
    first, cursor = listed.page(wix)
    second, _ = listed.page(wix, cursor)
    wix.faults({"match": listed.match, "effect": effect, "times": 2})

    stuck, again = listed.page(wix, cursor)
    still_stuck, once_more = listed.page(wix, again)

    assert stuck == still_stuck == ([] if effect == "empty_page" else first)
    assert listed.page(wix, once_more)[0] == second


def test_a_list_gives_the_same_cursor_again_for_ever(wix: Caller, listed: Paged):
    wix.faults({"match": listed.match, "effect": "repeat_cursor"})
    _, cursor = listed.page(wix)

    second, next_one = listed.page(wix, cursor)
    again, last = listed.page(wix, next_one)

    assert cursor == next_one == last
    assert second == again


def test_a_list_leads_from_its_second_page_back_to_the_first_for_ever(wix: Caller, listed: Paged):
    wix.faults({"match": listed.match, "effect": "cursor_loop"})
    first, cursor = listed.page(wix)
    second, back = listed.page(wix, cursor)

    again, on = listed.page(wix, back)

    assert again == first != second
    assert listed.page(wix, on)[0] == second


def test_a_list_ends_where_its_cursors_are_left_out(wix: Caller, listed: Paged):
    wix.faults({"match": listed.match, "effect": "no_cursors"})

    rows, cursor = listed.page(wix)

    assert len(rows) == 3
    assert cursor is None


@pytest.mark.parametrize(
    ("effect", "numbers"),
    [
        ("empty_page", []),
        ("repeat_page", [0, 1, 2]),
        ("duplicate_rows", [2, 3, 4, 5]),
    ],
)
def test_lists_by_offset_are_spoilt_likewise(wix: Caller, effect: str, numbers: list[int]):
    def children(limit: int, offset: int) -> dict:
        path = f"{CHILDREN}?paging.limit={limit}&paging.offset={offset}"
        return wix.send("GET", path).json()

    def packages(limit: int, offset: int) -> dict:
        paging = {"paging": {"limit": limit, "offset": offset}}
        return wix.send("POST", f"{PACKAGES}/query", {"query": paging}).json()

    everyone = children(50, 0)["childAccounts"]
    everything = packages(100, 0)["packages"]
    wix.faults({"match": "any", "effect": effect})

    accounts = children(3, 3)
    ordered = packages(3, 3)

    assert accounts["childAccounts"] == [everyone[number] for number in numbers]
    assert ordered["packages"] == [everything[number] for number in numbers]
    assert accounts["pagingMetadata"]["total"] == len(everyone)
