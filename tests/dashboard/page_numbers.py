"""The numbers that a page shows: what they are said to count, and where they lead."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(("br", "hr", "img", "input", "link", "meta", "wbr"))
# Digits that count no rows: ids, the numbers of operations, dates, clocks, lengths of time, and
# how many rows a page may have.
NO_COUNT = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|\b[0-9a-fA-F]{8}\b"
    r"|#\d+|\boperation \d+"
    r"|\b\d{1,2} [A-Z][a-z]{2} \d{4}\b"
    r"|\b\d{1,2}:\d{2}\b"
    r"|\b\d+( to \d+)? (s|min|h|days?|months?|years?)\b"
    r"|\b\d+ a page\b"
)
NUMBER = re.compile(r"\d[\d,]*")


@dataclass(eq=False)
class Element:
    """One element of a page, and no other that looks like it."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: list["Element | str"] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def all(self, tag: str = "", class_: str = "") -> Iterator["Element"]:
        """The elements within it of that tag and class, in their order."""
        for child in self.children:
            if isinstance(child, Element):
                if tag in ("", child.tag) and (not class_ or class_ in child.classes):
                    yield child
                yield from child.all(tag, class_)

    def first(self, tag: str = "", class_: str = "") -> "Element | None":
        return next(self.all(tag, class_), None)

    def around(self, tag: str) -> "Element | None":
        """The nearest element of that tag which it is in."""
        above = self.parent
        while above and above.tag != tag:
            above = above.parent
        return above

    def text(self, *, without: "tuple[Element | None, ...]" = (), small: bool = True) -> str:
        """What is written in it, blanks made one; less some elements, and less small print."""
        parts = []
        for child in self.children:
            if isinstance(child, str):
                parts.append(child)
            elif child not in without and (small or child.tag != "small"):
                parts.append(child.text(without=without, small=small))
        return " ".join(" ".join(parts).split())

    def __contains__(self, other: "Element") -> bool:
        return any(one is other for one in self.all(other.tag))


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.at = Element("page", {})

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(element)
        if tag not in VOID:
            self.at = element

    def handle_startendtag(self, tag, attrs):
        self.at.children.append(Element(tag, dict(attrs), self.at))

    def handle_endtag(self, tag):
        above = self.at
        while above.parent and above.tag != tag:
            above = above.parent
        if above.parent:
            self.at = above.parent

    def handle_data(self, data):
        self.at.children.append(data)


def read(html: str) -> Element:
    """The page as a tree."""
    builder = _Builder()
    builder.feed(html)
    return builder.root


def numbers_in(words: str) -> list[int]:
    """The numbers in a text that may count something."""
    return [int(found.replace(",", "")) for found in NUMBER.findall(NO_COUNT.sub(" ", words))]


@dataclass(frozen=True)
class Claim:
    """That something is so many, and where to see them."""

    words: str
    number: int
    link: str
    id: str = ""


def claims(page: Element) -> list[Claim]:
    """What the links of a page say of the number of what they lead to.

    Raises ValueError for a link with several numbers: nobody could tell which of them counts.
    """
    found = []
    for link in page.all("a"):
        if link.attributes.get("href", "").startswith("mailto:"):
            continue  # it leads to no rows: B2B is a name
        words = link.attributes.get("aria-label") or link.text(small=False)
        numbers = numbers_in(words)
        if len(numbers) > 1:
            raise ValueError(f"a link with more than one number: {words}")
        if numbers and link.attributes.get("href"):
            of = link.attributes
            found.append(Claim(words, numbers[0], of["href"], of.get("id", "")))
    return found


@dataclass(frozen=True)
class Unlinked:
    """A number that leads nowhere: the words over it or beside it, and the row it stands in."""

    words: str
    number: int
    row: str  # the address that the row begins with, where it stands in a table
    choice: tuple[str, str] | None = None  # the name and value that it stands beside in a form


def unlinked(page: Element) -> list[Unlinked]:
    """The numbers without a link that the page sets as such: in a column, as a count, on a card."""
    marked = [*page.all("td", "number"), *page.all("span", "count")]
    marked += [figure for card in page.all(class_="figure-card") for figure in card.all("b")]
    found = []
    for element in marked:
        if element.around("a") or element.first("a") or _is_vain(element):
            continue
        for number in numbers_in(element.text()):
            row = element.around("tr")
            link = row.first("a") if row else None
            address = link.attributes["href"] if link else ""
            words, choice = _words_for(element, row), _choice_of(element)
            found.append(Unlinked(words, number, address, choice))
    return found


def _is_vain(element: Element) -> bool:
    """Whether it is the nought of a chip that cannot be pressed."""
    return element.parent is not None and element.parent.attributes.get("aria-disabled") == "true"


def _choice_of(element: Element) -> tuple[str, str] | None:
    """The name and the value of the box whose label it is in."""
    label = element.around("label")
    box = label.first("input") if label else None
    return (box.attributes["name"], box.attributes["value"]) if box else None


def _words_for(element: Element, row: Element | None) -> str:
    if row is None or element.tag != "td":
        assert element.parent is not None
        return element.parent.text(without=(element,), small=False)
    cells = [child for child in row.children if isinstance(child, Element)]
    table = row.around("table")
    assert table is not None
    heads = list(table.first("tr").all("th"))
    return heads[cells.index(element)].text().rstrip(" ↓↑")
