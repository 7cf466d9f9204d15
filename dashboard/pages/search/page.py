"""Search: one box for everything that has a name or an id, and for all that can be asked for.

The palette and the page without a script show the same: the palette a part of it.
"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.frame.context import frame_of
from dashboard.frame.htmx import asks_for_part
from dashboard.frame.staff import StaffRequest
from dashboard.lists.filters import InvalidQuery, clean_text

from .doing import Asked, asked_for, asked_in, offered
from .find import SHORTEST_WORD, FoundKind, find, numbered, whole_id
from .hits import Hit, Standing, hits_of, link_to
from .places import commands, pages
from .reopening import reopened

LIMIT = 8
LIMIT_OF_PART = 5
MOST_RECENT = 8


@require_safe
def search(request: StaffRequest) -> HttpResponse:
    """Results by kind, and what can be done. The whole id of a record leads straight to it."""
    typed = request.GET.get("q", "")
    as_part = asks_for_part(request, "found")
    error, kinds, asked = "", [], Asked()
    try:
        text = clean_text(typed)
    except InvalidQuery as invalid:
        text, error = "", str(invalid)
    if not as_part and (record := whole_id(text)):
        return redirect(link_to(record))
    if text:
        asked = asked_in(text)
        limit = LIMIT_OF_PART if as_part else LIMIT
        kinds = find(asked.rest or text, limit, counts_rest=not as_part)
    # `#3` may be a customer's reference too: then both are shown.
    if not as_part and len(kinds) == 1 and (operation := numbered(text)):
        return redirect(link_to(operation))
    sections = [] if error else _sections(request, text, kinds, asked)
    context = {
        "typed": typed if len(typed) <= 200 else "",
        "text": text,
        "words": (asked.rest or text).split(),
        "error": error,
        "kinds": kinds,
        "sections": sections,
        "total": sum(len(kind.hits) for kind in kinds),
        "offered": sum(len(section.hits) for section in sections),
        "too_short": bool(text) and len(text) < SHORTEST_WORD,
    }
    template = "pages/search/_options.html" if as_part else "pages/search/page.html"
    answer = render(request, template, context, status=422 if error else 200)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _sections(
    request: StaffRequest, text: str, kinds: list[FoundKind], asked: Asked
) -> list[FoundKind]:
    """All that is shown, in its order: what was asked for in words stands before what was found."""
    frame = frame_of(request)
    if not text:
        return (
            _section(_("Opened lately"), _recent(request))
            + _section(_("Do"), commands(request, frame))
            + _section(_("Go to"), pages(frame))
        )
    rows: list[Any] = [row for kind in kinds for row in kind.rows]
    if asked.names_a_thing:
        return [*_section(_("Do"), asked_for(asked, rows, frame.preflight)), *kinds]
    do = commands(request, frame, text)
    if asked.forms:
        of_late = reopened(request.user.pk, MOST_RECENT)
        return [*kinds, *_section(_("Do"), [*asked_for(asked, of_late, frame.preflight), *do])]
    do = [*offered(rows, frame.preflight), *do]
    return [*kinds, *_section(_("Do"), do), *_section(_("Go to"), pages(frame, text))]


def _section(label: str, hits: list[Hit]) -> list[FoundKind]:
    return [FoundKind(label, tuple(hits))] if hits else []


def _recent(request: StaffRequest) -> list[Hit]:
    rows = reopened(request.user.pk, MOST_RECENT)
    return hits_of(rows, Standing(rows))


@require_safe
def keys_page(request: StaffRequest) -> HttpResponse:
    """The keys that there are: a page, and for htmx what its dialog shows."""
    as_part = asks_for_part(request, "keys")
    template = "pages/search/_keys_dialog.html" if as_part else "pages/search/keys.html"
    answer = render(request, template)
    patch_vary_headers(answer, ["HX-Request"])
    return answer
