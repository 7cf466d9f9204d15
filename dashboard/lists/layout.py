"""The ways in which one list may be shown."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.texts import Text

from .query import DENSITIES, SIZES, ListQuery

DENSITY_WORDS = {
    "compact": (gettext_lazy("Compact"), gettext_lazy("one line")),
    "normal": (gettext_lazy("Normal"), gettext_lazy("two lines")),
    "roomy": (gettext_lazy("Roomy"), gettext_lazy("more air")),
}


@dataclass(frozen=True, slots=True)
class LayoutChoice:
    """One way to show the list, and what shows it so; `caption` says more, `icon` is an order's."""

    name: str
    label: Text
    link: str
    is_current: bool
    caption: Text = ""
    icon: str = ""


def sizes(query: ListQuery, size: int, usual: int) -> list[LayoutChoice]:
    """How many rows a page may have."""
    return [
        LayoutChoice(
            str(number),
            _("%(number)s a page") % {"number": number},
            query.url(per_page="" if number == usual else str(number)),
            number == size,
        )
        for number in SIZES
    ]


def densities(density: str) -> list[LayoutChoice]:
    """How high rows may be."""
    return [
        LayoutChoice(name, label, "", name == density, caption)
        for name, (label, caption) in zip(DENSITIES, DENSITY_WORDS.values(), strict=True)
    ]


def orders(query: ListQuery) -> list[LayoutChoice]:
    """Every order there is, each both ways."""
    usual = query.list.default_sort
    return [
        LayoutChoice(
            name,
            option.label,
            query.url(sort="" if name == usual else name),
            name == query.sort_key,
            icon=icon,
        )
        for key, option in query.list.sorts.items()
        for name, icon in ((f"-{key}", "down"), (key, "up"))
    ]
