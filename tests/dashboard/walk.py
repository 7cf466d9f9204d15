"""A walk from page to page that holds every number on the way against the rows it leads to."""

import re
from collections import Counter
from functools import cache
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, get_resolver, resolve

from dashboard.lists.declaration import List
from dashboard.lists.page import ListPage
from tests.dashboard.listing import PART, answers_of
from tests.dashboard.page_numbers import (
    Claim,
    Element,
    Unlinked,
    claims,
    numbers_in,
    read,
    unlinked,
)
from tests.randomness import FULL

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NO_PAGE = re.compile(
    r".*_(export|facets|changed|columns|dialect|refresh|errors)|logout|live|healthz|readyz|metrics"
    r"|styleguide"  # its records are invented
)
# Of a record's page these lead to another part or another record, others to the same again.
LEADS_ON = {"tab", "account", "package"}
# Of pages alike two are looked at, of these more.
MOST = {
    "account_detail": 12 if FULL else 7,
    "package_detail": 8 if FULL else 5,
    "instance_detail": 5,
    "instance_list": 4,
    "site_detail": 4,
}

# So many addresses of each list are gone to before the list alone is asked.
ENOUGH_PAGES = 5

# Numbers that are no links, by the page they are on and the words over or beside them: where their
# rows are, with `{}` for the id of the record whose row they stand in.
ROWS_OF = {
    ("account_list", "Packages"): "/packages/?account={}",
    ("account_list", "Services"): "/instances/?account={}",
    ("account_list", "Sites"): "/sites/?account={}",
    ("package_list", "Services"): "/instances/?package={}",
    ("account_detail", "Services"): "/instances/?package={}",
    ("account_detail", "Carries"): "/instances/?site={}",
    ("operation_list", "Needs a person"): "/operations/?state=needs_person",
    ("mirror_list", "Packages"): "/packages/",
}
# Those that count no rows of ours, or have a test of their own.
NO_ROWS = {
    ("product_list", "Limit"),  # what Wix allows
    ("domain_list", "Days left"),
    ("mirror_list", "Changed"),  # what one reading did
    ("mirror_list", "Calls"),
    ("mirror_list", "Calls in the last minute"),
    ("audit_list", "No."),
    ("product_page", "What Wix refused"),
    ("overview", "Number"),  # of the charts
}


class Walk:
    """One person's way through the pages: what was looked at, and what was wrong there."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.looked_at: Counter[str] = Counter()  # by the names of addresses, and their parts
        self.wrong: list[str] = []
        self.held = 0
        self._pages: dict[str, Element] = {}
        self._rows: dict[str, int | None] = {}
        self._lists: dict[str, list[List]] = {}  # by their paths, once for each time gone to

    def from_page(self, start: str) -> None:
        """Look at this page and at every other that can be reached from it."""
        coming, seen = [start], set()
        while coming:
            address = coming.pop(0)
            kind = kind_of(address)
            if address not in seen and self.looked_at[kind] < MOST.get(kind, 2):
                seen.add(address)
                coming += self.look_at(address)

    def look_at(self, address: str) -> list[str]:
        """Hold each number of this page against its rows; returns the pages it leads to."""
        page = self._page(address)
        self.looked_at[kind_of(address)] += 1
        said = claims(page)
        for claim in said:
            if claim.words.startswith("Show ") and claim.words.endswith(" more"):
                rows = self._rows_left_out
            else:
                rows = self._rows_of_tab if claim.id.startswith("tab-") else self.rows
            self.hold(address, claim.words, claim.number, rows(urljoin(address, claim.link)))
        for folded in page.all("details", "folded"):
            words = folded.first("summary").text()
            self.hold(address, words, numbers_in(words)[0], len([*folded.all("li", "service-row")]))
        for number in unlinked(page):
            self._hold_unlinked(address, number)
        return self._pages_from(address, page, said)

    def hold(self, address: str, words: str, number: int, rows: int | None) -> None:
        """Note whether what that address says is as many as there are."""
        self.held += 1
        if rows != number:
            self.wrong.append(f"{address} says “{words}” ({number}), and there are {rows}")

    def rows(self, address: str) -> int | None:
        """How many rows the list of that address has; None where it is no list.

        Of each list some addresses are gone to. What a page has is what its list answers, so of
        the others, hundreds, the list alone is asked: most of a request is not the rows.
        """
        if address not in self._rows:
            path = urlsplit(address).path
            known = self._lists.setdefault(path, [])
            if len(known) == ENOUGH_PAGES:
                self._rows[address] = answers_of(known[-1], address).count()
            else:
                context = self.client.get(address, headers=PART).context or {}
                page = context.get("page")
                if "needs" in context:  # the overview's choice of whose
                    waiting = [n for n in context["needs"] if n.tone in ("bad", "look")]
                    self._rows[address] = sum(need.count or 0 for need in waiting)
                    return self._rows[address]
                is_list = isinstance(page, ListPage)
                self._rows[address] = self._counted(page) if is_list else None
                known += [page.list] if is_list else []
        return self._rows[address]

    def _counted(self, page: ListPage) -> int:
        return len(page.rows) + (self.rows(page.next_link) or 0 if page.next_link else 0)

    def _page(self, address: str) -> Element:
        if address not in self._pages:
            answer = self.client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)
            self._pages[address] = read(answer.content.decode())
        return self._pages[address]

    def _rows_of_tab(self, address: str) -> int | None:
        if address not in self._rows:
            page = self._page(address)
            [tab] = [one for one in page.all("div") if one.attributes.get("id") == "tab"]
            rows = [row for body in tab.all("tbody") for row in body.all("tr")]
            rows += tab.all("li", "service-row")
            written = [note for notes in tab.all("ul", "notes") for note in notes.all("li")]
            left_out = [numbers_in(link.text())[0] for link in tab.all("a") if is_more(link)]
            self._rows[address] = len(rows) + len(written) + sum(left_out)
        return self._rows[address]

    def _rows_left_out(self, address: str) -> int:
        """How many rows a card has more on the page where all of it is asked for."""
        whole, _, card = address.partition("#")
        few, many = (
            next(one for one in self._page(page).all("section") if one.attributes.get("id") == card)
            for page in (whole.partition("?")[0], whole)
        )
        return len([*many.all("li", "service-row")]) - len([*few.all("li", "service-row")])

    def _hold_unlinked(self, address: str, number: Unlinked) -> None:
        path, facets, _ = urlsplit(address).path.partition("facets/")
        if number.choice and facets:  # beside a value to choose: what the list then has
            name, value = number.choice
            query = dict(parse_qsl(urlsplit(address).query)) | {name: value}
            rows = self.rows(f"{path}?{urlencode(query)}")
            self.hold(address, f"{name}: {number.words}", number.number, rows)
            return
        key = name_of(address), number.words
        # A report leaves its noughts without a link: a test of its own holds every cell.
        if key in NO_ROWS or (key[0] == "report_list" and not number.number):
            return
        if key not in ROWS_OF:
            self.wrong.append(f"{address}: nobody holds “{number.words}” {number.number}")
            return
        record = GUID.search(number.row)
        rows = self.rows(ROWS_OF[key].format(record[0] if record else ""))
        self.hold(address, f"{number.words} of {number.row}", number.number, rows)

    def _pages_from(self, address: str, page: Element, said: list[Claim]) -> list[str]:
        counted = {urljoin(address, claim.link) for claim in said}
        found = []
        for link in page.all("a"):
            target = urljoin(address, link.attributes.get("href", "")).partition("#")[0]
            query = dict(parse_qsl(urlsplit(target).query))
            name = name_of(target)
            if not name or NO_PAGE.fullmatch(name):
                continue
            if not query or target in counted or (name[-5:] != "_list" and {*query} <= LEADS_ON):
                found.append(target)
        return found


def is_more(link: Element) -> bool:
    """Whether a link shows more of what is beside it."""
    return link.text().startswith("Show") and "more" in link.text()


def kind_of(address: str) -> str:
    """The name of a page's address, and which part of a record's page it is."""
    tab = dict(parse_qsl(urlsplit(address).query)).get("tab")
    return f"{name_of(address)} {tab}" if tab else name_of(address)


def name_of(address: str) -> str:
    """The name of a page's address; empty for what is no page of ours."""
    return _name_of_path(urlsplit(address).path)


@cache
def _name_of_path(path: str) -> str:
    try:
        return resolve(path).url_name or ""
    except Resolver404:
        return ""


def names_of_pages(patterns=None) -> set[str]:
    """The names of all addresses that show a page of their own."""
    found = set()
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if hasattr(pattern, "url_patterns"):
            found |= names_of_pages(pattern.url_patterns)
        elif re.fullmatch(r".*_(list|detail|page)|overview", pattern.name or ""):
            found.add(pattern.name)
    return found
