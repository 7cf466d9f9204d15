"""The tabs that records have in common: operations, timeline, notes, what Wix said."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.components.wix_answers import redacted_json
from resellers import notes
from resellers.models import Account, Note, Operation, Package, ProductInstance, Site

from .page import Tab
from .record import Noted, Record, noun_of
from .timeline import LENGTH, timeline
from .timeline_narrowing import people_in
from .timeline_sources import scope_of

OPERATIONS_LIMIT = 50
NOTES_LIMIT = 50
ASIDE_LENGTH = 12  # lines of a timeline beside something else


class NoteForm(forms.Form):
    """What a person writes down about a record."""

    text = forms.CharField(
        label=gettext_lazy("New note"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write something first.")},
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        # Said here and not cut short by the browser, which would drop the end of a pasted text.
        if len(text) > Note.LONGEST:
            raise ValidationError(
                _("At most %(most)s characters; this has %(count)s.")
                % {"most": f"{Note.LONGEST:,}", "count": f"{len(text):,}"}
            )
        return text


def aside_timeline(request: HttpRequest, record: Record) -> dict[str, Any]:
    """The newest lines of the record's timeline, for the page that shows it beside the rest."""
    return timeline_context(request, record, record.get_absolute_url(), ASIDE_LENGTH)


def timeline_context(
    request: HttpRequest, record: Record, path: str, length: int = LENGTH
) -> dict[str, Any]:
    """What the timeline's template shows, its links leading to `path`."""
    scope = scope_of(record)
    people = people_in(Operation.objects.filter(scope.rows), Note.objects.filter(scope.notes))
    return {"timeline": timeline(record, request.GET, path, length), "people": people}


def operations_tab(record: Record) -> Tab:
    """What was asked for here, the newest first."""
    # Of a site, what moved a service onto it.
    about = Q(site=record) if isinstance(record, Site) else Q(**{noun_of(record): record})
    operations = Operation.objects.filter(about)
    number = operations.count()

    def context() -> dict[str, Any]:
        rows = operations.select_related("site", "requested_by", "instance__product")
        # An account's id stands in other kinds' operations too, so it is asked for by name.
        by = "account" if isinstance(record, Account) else "q"
        return {
            "operations": list(rows[:OPERATIONS_LIMIT]),
            "operation_count": number,
            "operations_link": reverse("operation_list", query={by: str(record.pk)}),
        }

    return Tab("operations", _("Operations"), "records/_operations.html", context, number)


def timeline_tab(
    request: HttpRequest, record: Record, undo: Callable[[], Any] = lambda: None
) -> Tab:
    """All that happened; `undo` finds what may be taken back here, where the tab is shown."""

    def context() -> dict[str, Any]:
        path = f"{record.get_absolute_url()}?tab=timeline"
        return timeline_context(request, record, path) | {"undo": undo()}

    return Tab("timeline", _("Timeline"), "records/_timeline.html", context)


def notes_tab(record: Noted, note_form: NoteForm | None) -> Tab:
    """What people wrote on it and on what is below it."""
    written = Note.objects.filter(**{noun_of(record): record})

    def context() -> dict[str, Any]:
        rows = written.select_related("by", "instance__product", "package")[:NOTES_LIMIT]
        return {
            "notes": list(rows),
            "note_form": note_form or NoteForm(),
            "note_path": reverse(f"{noun_of(record)}_note", args=[record.pk]),
            "subject": notes.subject_of(record),
        }

    return Tab("notes", _("Notes"), "records/_notes.html", context, written.count())


def wix_tab(record: Package | ProductInstance) -> Tab:
    """The tab with Wix's answer, as it may be shown."""
    return Tab(
        "wix",
        _("What Wix said"),
        "records/_wix_said.html",
        lambda: {"raw": redacted_json(record.raw)},
    )
