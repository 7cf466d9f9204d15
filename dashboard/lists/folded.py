"""What stands between the rows of a list: the heading of a day, and what is folded below a row."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Model
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.components.icons import icon
from resellers import formats


def day_head(day: date, width: int) -> SafeString:
    """A row that heads the rows of that day, over so many cells."""
    return format_html(
        '<tr class="day"><th scope="colgroup" colspan="{}">{}</th></tr>', width, _words(day)
    )


def _words(day: date) -> str:
    """`Today, Friday 27 Nov 2026`, `Yesterday, Thursday …`, and else the day."""
    written = f"{day:%A} {formats.day(day)}"
    today = timezone.localdate()
    if day == today:
        return _("Today, %(written)s") % {"written": written}
    if day == today - timedelta(days=1):
        return _("Yesterday, %(written)s") % {"written": written}
    return written


def row(
    opening: str | SafeString,
    cells: Sequence[str],
    about: Model,
    width: int,
    below: SafeString,
) -> SafeString:
    """A row with what opens it at its end, and the row below that shows while it is open.

    Both are rows of the table, so that it opens without a script.
    """
    opens = format_html(
        '<td class="end"><details class="unfold"><summary class="button quiet small icon-only"'
        ' aria-label="{}">{}</summary></details></td>',
        _("Details of %(what)s") % {"what": about},
        icon("chevron-down"),
    )
    under = format_html('<tr class="below"><td colspan="{}">{}</td></tr>', width, below)
    return SafeString(f"{opening}{''.join(cells)}{opens}</tr>{under}")
