"""A record's page: the head stays, and each tab under it has an address of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from dashboard.components.wix_answers import redacted_json
from dashboard.frame.htmx import asks_for_part
from dashboard.frame.referrer import page_before
from resellers import notes
from resellers.models import Account, Note, Operation, Package, ProductInstance

from .timeline import timeline

Record = Account | Package | ProductInstance

OPERATIONS_LIMIT = 50
NOTES_LIMIT = 50


class NoteForm(forms.Form):
    """What a person writes down about a record."""

    text = forms.CharField(
        label="New note",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write something first."},
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        # Said here and not cut short by the browser, which would drop the end of a pasted text.
        if len(text) > Note.LONGEST:
            raise ValidationError(f"At most {Note.LONGEST:,} characters; this has {len(text):,}.")
        return text


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
        raise Http404(f"There is no part “{key[:40]}” of this page.")
    as_part = asks_for_part(request, "tab")
    path, noun = record.get_absolute_url(), notes.subject_of(record).partition(":")[0]
    tab_context = chosen.context()
    if getattr(tab_context.get("timeline"), "error", ""):
        status = 422
    answer = render(
        request,
        "records/_tabs.html" if as_part else template,
        {
            "record": record,
            "path": path,
            "note_path": reverse(f"{noun}_note", args=[record.pk]),
            "refresh_path": reverse(f"{noun}_refresh", args=[record.pk]),
            "as_part": as_part,
            "tab": chosen,
            "tabs": [
                (one, path if one is tabs[0] else f"{path}?tab={one.key}", one is chosen)
                for one in tabs
            ],
            "tab_title": "" if chosen is tabs[0] else f"{chosen.label} · ",
            "pinned": Note.objects.filter(subject=notes.subject_of(record), is_pinned=True)
            .select_related("by")
            .first(),
            **context,
            **tab_context,
        },
        status=status,
    )
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def referring_tab(request: HttpRequest, path: str) -> str:
    """What leads back to the tab from whose page this was posted, such as `&tab=notes`."""
    before, query = page_before(request)
    tab = parse_qs(query).get("tab", [""])[-1]
    return f"&tab={tab}" if before == path and tab.isascii() and tab.isalpha() else ""


def common_tabs(
    request: HttpRequest,
    record: Record,
    note_form: NoteForm | None,
    undo: Callable[[], Any] = lambda: None,
) -> list[Tab]:
    """The tabs that every record has: operations, timeline, notes.

    `undo` finds what may be taken back here, where the timeline is shown.
    """
    noun = notes.subject_of(record).partition(":")[0]
    of = {noun: record}
    operations = Operation.objects.filter(**of)
    written = Note.objects.filter(**of)
    number = operations.count()

    def operations_context() -> dict[str, Any]:
        rows = operations.select_related("site", "requested_by", "instance__product")
        # An account's id stands in other kinds' operations too, so it is asked for by name.
        by = "account" if noun == "account" else "q"
        return {
            "operations": list(rows[:OPERATIONS_LIMIT]),
            "operation_count": number,
            "operations_link": reverse("operation_list", query={by: str(record.pk)}),
        }

    def timeline_context() -> dict[str, Any]:
        path = f"{record.get_absolute_url()}?tab=timeline"
        return {
            "timeline": timeline(record, request.GET, path),
            "undo": undo(),
        }

    def notes_context() -> dict[str, Any]:
        rows = written.select_related("by", "instance__product", "package")[:NOTES_LIMIT]
        return {
            "notes": list(rows),
            "note_form": note_form or NoteForm(),
            "subject": notes.subject_of(record),
        }

    return [
        Tab("operations", "Operations", "records/_operations.html", operations_context, number),
        Tab("timeline", "Timeline", "records/_timeline.html", timeline_context),
        Tab("notes", "Notes", "records/_notes.html", notes_context, written.count()),
    ]


def wix_tab(record: Package | ProductInstance) -> Tab:
    """The tab with Wix's answer, as it may be shown."""
    return Tab(
        "wix",
        "What Wix said",
        "records/_wix_said.html",
        lambda: {"raw": redacted_json(record.raw)},
    )
