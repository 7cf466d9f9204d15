"""A walk from page to page that holds every number on the way against the rows it leads to."""

import re
from collections import Counter
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

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

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NO_PAGE = re.compile(r".*_(export|facets|columns|dialect|refresh|errors)|logout|healthz|readyz")
# Of a record's page these lead to another part or another record, others to the same again.
LEADS_ON = {"tab", "account", "package"}
# Of pages alike two are looked at, of these more.
MOST = {"account_detail": 20, "package_detail": 12, "instance_detail": 6, "instance_list": 4}

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
            rows = self._rows_of_tab if claim.id.startswith("tab-") else self.rows
            self.hold(address, claim.words, claim.number, rows(urljoin(address, claim.link)))
        for number in unlinked(page):
            self._hold_unlinked(address, number)
        if name_of(address).endswith("_facets"):
            self._hold_options(address, page)
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
            written = [note for notes in tab.all("ul", "notes") for note in notes.all("li")]
            self._rows[address] = len(rows) + len(written)
        return self._rows[address]

    def _hold_unlinked(self, address: str, number: Unlinked) -> None:
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

    def _hold_options(self, address: str, page: Element) -> None:
        """The figures beside the choices of a list's filters, once they are counted."""
        path, query = address.partition("facets/")[0], dict(parse_qsl(urlsplit(address).query))
        choices = [
            (select.attributes["name"], option.attributes["value"], option.text())
            for select in page.all("select")
            for option in select.all("option")
            if "name" in select.attributes
        ]
        for label in page.all("label"):
            if box := label.first("input"):
                choices += [(box.attributes["name"], box.attributes["value"], label.text())]
        for name, value, words in choices:
            if counted := re.search(r"\((\d[\d,]*)\)$", words):
                rows = self.rows(f"{path}?{urlencode(query | {name: value})}")
                self.hold(address, f"{name}: {words}", numbers_in(counted[1])[0], rows)

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


def kind_of(address: str) -> str:
    """The name of a page's address, and which part of a record's page it is."""
    tab = dict(parse_qsl(urlsplit(address).query)).get("tab")
    return f"{name_of(address)} {tab}" if tab else name_of(address)


def name_of(address: str) -> str:
    """The name of a page's address; empty for what is no page of ours."""
    try:
        return resolve(urlsplit(address).path).url_name or ""
    except Resolver404:
        return ""
