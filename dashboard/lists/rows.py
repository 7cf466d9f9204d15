"""One row of a list as HTML: the box that picks it, its cells, what may be done with it."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.db.models import Model
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.components.addresses import RowAddress
from dashboard.components.icons import icon
from dashboard.components.markup import format_html
from dashboard.components.row_words import row_words
from resellers.models import SyncRun

from . import folded, row_actions

if TYPE_CHECKING:
    from resellers.operations.preflight import Preflight
    from resellers.operations.wish import Thing

    from .declaration import Column, List

PICK = SafeString('<td class="pick">')


def ask_for_each(list_: "List", rows: Sequence[Model], preflight: "Preflight") -> None:
    """Give each row what its cells tell beside its own columns.

    As `answers` it has what may be done with it of what the list offers, by kind.
    """
    list_.prepare(rows)
    if not list_.offers:
        return
    # A list that offers changes is one of things that can be changed.
    answers = preflight.of_all(list_.offers, cast("Sequence[Thing]", rows))
    for row in rows:
        row.answers = answers[row.pk]  # type: ignore[attr-defined]


class RowRenderer:
    """Makes the rows of one list with these columns, for forms that lead back to `query`."""

    def __init__(
        self,
        list_: "List",
        columns: Sequence["Column"],
        query: str,
        *,
        may_refresh: bool,
        may_select: bool,
    ) -> None:
        self.list = list_
        self.query = query
        self.may_select = may_select
        self.may_refresh = may_refresh and list_.can_refresh_rows
        self.refresh_path = RowAddress(f"{list_.noun}_row_refresh")
        self.cells = [column.render for column in columns]
        # Looked up once, not for each of the rows.
        self.refresh_name = _("Refresh %(what)s")
        self.refresh_title = _("Read it from Wix again")

    def render(
        self,
        row: Model,
        *,
        is_ticked: bool = False,
        run: SyncRun | None = None,
        words: str | SafeString = "",
    ) -> SafeString:
        """The row. While `run` reads it again it asks how that goes; `words` stand at its end."""
        cells = [PICK, _pick(row, is_ticked), "</td>"] if self.may_select else []
        cells += [render(row) for render in self.cells]
        is_read = run is not None and run.is_open
        if self.list.has_menus:
            cells.append(self._end(row, is_read, words))
        opening = self._asking(row, run) if run and is_read else "<tr>"
        if self.list.below:
            return folded.row(opening, cells, row, self.width, self.list.below(row))
        return SafeString(f"{opening}{''.join(cells)}</tr>")

    @property
    def width(self) -> int:
        """How many cells a row has."""
        return len(self.cells) + self.may_select + (self.list.has_menus or self.list.folds)

    def render_all(self, rows: Iterable[Model]) -> SafeString:
        """The rows of a page, under the days on which they were where the list tells days."""
        day_of = self.list.day_of
        if day_of is None:
            return SafeString("\n".join(self.render(row) for row in rows))
        parts = []
        for day, members in groupby(rows, key=lambda row: timezone.localdate(day_of(row))):
            parts.append(folded.day_head(day, self.width))
            parts += [self.render(row) for row in members]
        return SafeString("\n".join(parts))

    def render_removed(self, row: Model) -> SafeString:
        """What stands in the place of a row that is none of the list's any more."""
        return format_html(
            '<tr><td class="main" colspan="{}"><a class="name" id="again-{}" href="{}">{}</a>'
            '<small class="line">{}</small></td></tr>',
            self.width,
            row.pk,
            row.get_absolute_url(),  # type: ignore[attr-defined]
            row,
            _("no longer in this list"),
        )

    def _end(self, row: Model, is_read: bool, words: str | SafeString) -> SafeString:
        refresh = again = SafeString("")
        if self.may_refresh:
            refresh, again = self._refresh_at_end(row, is_read), self._refresh_in_menu(row)
        actions = self.list.row_actions(row)
        said = format_html('<small class="said">{}</small>', words) if words else ""
        return format_html(
            '<td class="end">{}{}{}</td>',
            said,
            row_actions.at_end(row, actions, refresh),
            row_actions.menu(row, actions, again, self.list.row_ids(row)),
        )

    def _refresh_at_end(self, row: Model, is_read: bool) -> SafeString:
        return format_html(
            '<button id="again-{}" class="button small icon-only{}"{} aria-label="{}"'
            ' title="{}">{}</button>',
            row.pk,
            " busy" if is_read else "",
            self._asks(row),
            self.refresh_name % {"what": row},
            self.refresh_title,
            icon("refresh"),
        )

    def _refresh_in_menu(self, row: Model) -> SafeString:
        words = "<button{}>{} {}<kbd>R</kbd></button>"
        return format_html(words, self._asks(row), icon("refresh"), row_words()["refresh"])

    def _asks(self, row: Model) -> SafeString:
        """What a button has by which the row is read again, and swapped for itself."""
        return format_html(
            ' form="rows" formaction="{0}" hx-post="{0}" hx-include="#rows, closest tr"'
            ' hx-target="closest tr" hx-swap="outerHTML"',
            self._address(row),
        )

    def _asking(self, row: Model, run: SyncRun) -> SafeString:
        return format_html(
            '<tr hx-get="{}?{}" hx-trigger="every 1s" hx-include="this" hx-target="this"'
            ' hx-swap="outerHTML" hx-headers=\'{{"X-Poll": "1"}}\'>',
            self._address(row),
            urlencode({"run": run.pk, "query": self.query}),
        )

    def _address(self, row: Model) -> str:
        return self.refresh_path(row.pk)


def _pick(row: Model, is_ticked: bool) -> SafeString:
    """The box that picks the row, for the form of id `picked`."""
    return format_html(
        '<label><input type="checkbox" form="picked" name="id" value="{}" aria-label="{}"{}>'
        "</label>",
        row.pk,
        row_words()["select"] % {"what": row},
        " checked" if is_ticked else "",
    )
