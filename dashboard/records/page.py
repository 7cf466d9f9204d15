"""A record's page: the head stays, and each tab under it has an address of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from dashboard.frame.htmx import asks_for_part
from dashboard.frame.referrer import page_before
from resellers import notes
from resellers.models import Note, Site

from .record import Record, noun_of


@dataclass(frozen=True, slots=True)
class Tab:
    """One part of a record's page; `context` is only asked for where it is shown."""

    key: str
    label: str
    template: str
    context: Callable[[], dict[str, Any]]
    count: int | None = None


def record_page(
    request: HttpRequest,
    template: str,
    record: Record,
    tabs: Sequence[Tab],
    context: dict[str, Any],
    *,
    tab: str = "",
    status: int = 200,
) -> HttpResponse:
    """The record's page with the tab that `?tab=` names, or for htmx that tab alone.

    The first tab is the page's own address. Raises Http404 for a tab that is not.
    """
    key = tab or request.GET.get("tab", "") or tabs[0].key
    chosen = next((one for one in tabs if one.key == key), None)
    if chosen is None:
        raise Http404(_("There is no part “%(key)s” of this page.") % {"key": key[:40]})
    as_part = asks_for_part(request, "tab")
    path, noun = record.get_absolute_url(), noun_of(record)
    tab_context = chosen.context()
    if getattr(tab_context.get("timeline"), "error", ""):
        status = 422
    answer = render(
        request,
        "records/_tabs.html" if as_part else template,
        {
            "record": record,
            "path": path,
            "refresh_path": reverse(f"{noun}_refresh", args=[record.pk]),
            "as_part": as_part,
            "tab": chosen,
            "tabs": [
                (one, path if one is tabs[0] else f"{path}?tab={one.key}", one is chosen)
                for one in tabs
            ],
            "tab_title": "" if chosen is tabs[0] else f"{chosen.label} · ",
            "pinned": pinned_note(record),
            **context,
            **tab_context,
        },
        status=status,
    )
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def pinned_note(record: Record) -> Note | None:
    """The note that heads the record's page; a site's page is headed by its customer's."""
    about = record.account if isinstance(record, Site) else record
    pinned = Note.objects.filter(subject=notes.subject_of(about), is_pinned=True)
    return pinned.select_related("by").first()


def referring_tab(request: HttpRequest, path: str) -> str:
    """What leads back to the tab from whose page this was posted, such as `&tab=notes`."""
    before, query = page_before(request)
    tab = parse_qs(query).get("tab", [""])[-1]
    return f"&tab={tab}" if before == path and tab.isascii() and tab.isalpha() else ""
