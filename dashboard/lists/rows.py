"""One row of a list as HTML: its cells, the box that picks it, the button that reads it again."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.db.models import Model
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from dashboard.components.addresses import RowAddress
from resellers.models import SyncRun

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
        self, list_: "List", columns: Sequence["Column"], query: str, *, may_refresh: bool
    ) -> None:
        self.list = list_
        self.query = query
        self.may_select = may_refresh and bool(list_.package_path)
        self.may_refresh = may_refresh and list_.can_refresh_rows
        self.refresh_path = RowAddress(f"{list_.noun}_row_refresh")
        self.columns = [(column.opening, column.cell) for column in columns]

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
        cells += [
            f"{opening}{conditional_escape(cell(row))}</td>" for opening, cell in self.columns
        ]
        is_read = run is not None and run.is_open
        if self.may_refresh:
            cells.append(self._again(row, is_read, words))
        opening = self._asking(row, run) if run and is_read else "<tr>"
        return SafeString(f"{opening}{''.join(cells)}</tr>")

    def render_removed(self, row: Model) -> SafeString:
        """What stands in the place of a row that is none of the list's any more."""
        return format_html(
            '<tr><td class="main" colspan="{}"><a id="again-{}" href="{}">{}</a>'
            "<small>no longer in this list</small></td></tr>",
            len(self.columns) + self.may_select + 1,
            row.pk,
            row.get_absolute_url(),  # type: ignore[attr-defined]
            row,
        )

    def _again(self, row: Model, is_read: bool, words: str | SafeString) -> SafeString:
        return format_html(
            '<td class="again"><button id="again-{0}" form="rows" formaction="{1}" hx-post="{1}"'
            ' hx-include="#rows, closest tr" hx-target="closest tr" hx-swap="outerHTML"{2}'
            ' aria-label="Refresh {3}" title="Read it from Wix again"></button>{4}</td>',
            row.pk,
            self._address(row),
            SafeString(' class="busy"') if is_read else "",
            row,
            format_html("<small>{}</small>", words) if words else "",
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
        '<label><input type="checkbox" form="picked" name="id" value="{}" aria-label="Select {}"{}>'
        "</label>",
        row.pk,
        row,
        " checked" if is_ticked else "",
    )
