"""Files of names: upload, a dry run that shows every change or all that is wrong, Confirm.

Nothing is written before Confirm, which imports exactly the file that was shown.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models.functions import Now
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.frame.staff import StaffRequest
from dashboard.lists import csv_file
from resellers import audit
from resellers.formulas import restore
from resellers.mirror import imports
from resellers.mirror.imports import (
    MAX_BYTES,
    MAX_ROWS,
    ImportMoved,
    ImportPlan,
    ImportRefused,
)
from resellers.mirror.imports.columns import OF_ERRORS
from resellers.models import Upload

from .forms import UploadForm
from .targets import TARGETS, ImportTarget, target_of

RIGHT = "resellers.approve"
ROWS_A_PAGE = 100
MANGLED_LIMIT = 20


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One changed row as the dry run shows it."""

    row: int
    label: str
    link: str
    is_new: bool
    fields: tuple[tuple[str, str, str], ...]
    mangled: tuple[str, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(RIGHT, raise_exception=True)
def import_page(request: StaffRequest, noun: str) -> HttpResponse:
    """Choose a file; a good one leads to its dry run, any other shows all that is wrong."""
    target = target_of(noun)
    if request.method != "POST":
        return _form_page(request, target, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, target, form, status=422)
    file = form.cleaned_data["file"]
    upload = imports.store_upload(target.kind, file.name, file.read(), by=request.user)
    plan = imports.dry_run(target.sheet, bytes(upload.content))
    _remember(request, upload, plan)
    if plan.problems:
        return _run_page(request, target, upload, plan, status=422)
    return redirect(target.run_path(upload))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(RIGHT, raise_exception=True)
def import_run(request: StaffRequest, noun: str, wix_id: UUID) -> HttpResponse:
    """The dry run of an uploaded file; POST imports it as shown, or shows how it has moved."""
    target = target_of(noun)
    upload = imports.stored_upload(target.kind, wix_id, by=request.user)
    if upload is None:
        return _gone(request, target)
    content = bytes(upload.content)
    if request.method != "POST":
        return _run_page(request, target, upload, imports.dry_run(target.sheet, content))
    try:
        plan = imports.apply(
            target.sheet,
            content,
            by=request.user,
            file=upload.name,
            fingerprint=request.POST.get("plan", ""),
        )
    except ImportRefused:
        plan = imports.dry_run(target.sheet, content)
        return _run_page(request, target, upload, plan, status=422)
    except ImportMoved as moved:
        return _run_page(request, target, upload, moved.plan, status=422, moved=True)
    Upload.objects.filter(pk=upload.pk).update(content=b"", imported_at=Now())
    words = _("%(created)s new, %(changed)s changed, %(unchanged)s as they were.") % {
        "created": f"{plan.created:,}",
        "changed": f"{plan.changed:,}",
        "unchanged": f"{plan.unchanged:,}",
    }
    messages.success(
        request, _("%(upload)s is imported: %(words)s") % {"upload": upload.name, "words": words}
    )
    return redirect(target.path)


@require_safe
@permission_required(RIGHT, raise_exception=True)
def import_errors(request: StaffRequest, noun: str, wix_id: UUID) -> HttpResponseBase:
    """The failing rows as CSV, each with what is wrong; mended, it can be imported as it is."""
    target = TARGETS[noun]
    upload = imports.stored_upload(target.kind, wix_id, by=request.user)
    if upload is None:
        return _gone(request, target)
    plan = imports.dry_run(target.sheet, bytes(upload.content))
    wrong = defaultdict(list)
    for problem in plan.problems:
        if problem.row:
            wrong[problem.row].append(problem)
    header, ignored = plan.table.header, OF_ERRORS
    places = [place for place, name in enumerate(header) if name not in ignored]
    rows = []
    for number, problems in wrong.items():
        cells = [*plan.table.cells.get(number, []), *([""] * len(header))]
        codes = "|".join(dict.fromkeys(problem.code for problem in problems))
        words = "; ".join(str(problem) for problem in problems)
        rows.append([*(restore(cells[place]) for place in places), codes, words])
    return csv_file.csv_answer(
        request,
        grain=f"{noun}-import",
        view="errors",
        headers=[*(header[place] for place in places), *ignored],
        rows=rows,
        count=len(rows),
    )


def _gone(request: StaffRequest, target: ImportTarget) -> HttpResponse:
    messages.warning(
        request,
        _(
            "This file was imported already, or is kept no longer: a file waits one hour for"
            " Confirm."
        ),
    )
    return redirect(target.page)


def _remember(request: StaffRequest, upload: Upload, plan: ImportPlan) -> None:
    """Keep in the audit trail what a person was shown."""
    audit.record(
        "import.shown",
        by=request.user,
        body={
            "kind": upload.kind,
            "file": upload.name,
            "new": plan.created,
            "changed": plan.changed,
            "unchanged": plan.unchanged,
            "problems": len(plan.problems),
        },
    )


def _form_page(
    request: StaffRequest, target: ImportTarget, form: UploadForm, *, status: int = 200
) -> HttpResponse:
    sheet = target.sheet
    context = {
        "target": target,
        "form": form,
        "columns": [sheet.key, *sheet.columns],
        "most_rows": MAX_ROWS,
        "most_mib": MAX_BYTES // 2**20,
    }
    return render(request, "pages/imports/upload.html", context, status=status)


def _run_page(
    request: StaffRequest,
    target: ImportTarget,
    upload: Upload,
    plan: ImportPlan,
    *,
    status: int = 200,
    moved: bool = False,
) -> HttpResponse:
    """What the file would change, or all that is wrong with it, a page of rows at a time."""
    items: list[Any] = plan.problems or plan.changes
    paginator = Paginator(items, ROWS_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "target": target,
        "upload": upload,
        "run_path": target.run_path(upload),
        "errors_path": target.errors_path(upload),
        "plan": plan,
        "moved": moved,
        "mangled": plan.mangled[:MANGLED_LIMIT],
        "page": page,
        "previous": _page_link(target, upload, page.number - 1) if page.has_previous() else "",
        "next": _page_link(target, upload, page.number + 1) if page.has_next() else "",
        "changes": [] if plan.problems else [_preview_row(target, change) for change in page],
        "failing_rows": len({problem.row for problem in plan.problems if problem.row}),
    }
    return render(request, "pages/imports/dry_run.html", context, status=status)


def _page_link(target: ImportTarget, upload: Upload, number: int) -> str:
    return f"{target.run_path(upload)}?page={number}"


def _preview_row(target: ImportTarget, change: imports.RowChange) -> PreviewRow:
    link = "" if change.is_new else target.record(change.key)
    fields = tuple((name, _cell_text(old), _cell_text(new)) for name, old, new in change.fields)
    return PreviewRow(change.row, change.label, link, change.is_new, fields, change.mangled)


def _cell_text(value: Any) -> str:
    """A value as the file writes it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return "|".join(value)
    return str(value)


# By what follows `import/` in the address.
PAGES: dict[str, Callable[..., HttpResponseBase]] = {
    "": import_page,
    "<wix_id:wix_id>/": import_run,
    "<wix_id:wix_id>/errors.csv": import_errors,
}
