"""Files made of lists: one's own, what each is, and taking it while it is kept."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dashboard.frame.htmx import asks_for_part
from dashboard.frame.notices import mark_export_read
from dashboard.frame.staff import EXPORT, StaffRequest
from dashboard.lists.background import list_named, may_take
from resellers import audit, exports
from resellers.models import ExportFile

from .manifest import manifest_of, rows_of
from .progress import Progress

NEWEST = 100
may_export = permission_required(EXPORT, raise_exception=True)


@require_safe
@may_export
def export_list(request: StaffRequest) -> HttpResponse:
    """The files this person has asked for, the newest first; it looks again while one is made."""
    newest = ExportFile.objects.filter(by=request.user)[:NEWEST]
    files = [Progress(one) for one in newest]
    context = {"files": files, "is_live": any(one.is_live for one in files)}
    as_part = asks_for_part(request, "exports")
    answer = render(request, f"pages/exports/{'_files' if as_part else 'list'}.html", context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@require_safe
@may_export
def export_page(request: StaffRequest, pk: int) -> HttpResponse:
    """How far the file is, or what it is and the link to it."""
    export = _get(request, pk)
    mark_export_read(request.user, pk)
    return _page(request, export)


@require_safe
@may_export
def export_file(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The file, whole as it was written; 410 with the reason where it is kept no longer, and 503
    where it cannot be read now."""
    export = _get(request, pk)
    _check_customers(request, export)
    if not export.is_offered:
        return _page(request, export, status=410)
    try:
        content = exports.open_whole(export)
    except exports.Broken:
        return _page(request, _get(request, pk), status=410)
    except exports.Unreadable as error:
        return _page(request, export, status=503, trouble=str(error))
    if request.method != "HEAD":
        audit.record(
            "export.taken",
            by=request.user,
            body={
                "export": export.pk,
                "file": export.name,
                "rows": export.rows_written,
                "query": export.parameters,
                "sha256": export.sha256,
            },
        )
    answer = FileResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Length"] = str(export.bytes_written)
    answer["Content-Disposition"] = content_disposition_header(True, export.name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["X-Row-Count"] = str(export.rows_written)
    return answer


@require_safe
@may_export
def export_manifest(request: StaffRequest, pk: int) -> HttpResponse:
    """What the file holds, for who checks it elsewhere."""
    export = _get(request, pk)
    if not export.is_offered:
        raise Http404
    answer = JsonResponse(manifest_of(export), json_dumps_params={"indent": 2})
    name = export.name.removesuffix(".csv") + ".manifest.json"
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer


@require_POST
@may_export
def export_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Stop making it, or keep it no longer, and lead to the others."""
    export = _get(request, pk)
    exports.remove(export, by=request.user)
    messages.success(request, _("%(file)s is removed.") % {"file": export})
    return redirect("export_list")


def _get(request: StaffRequest, pk: int) -> ExportFile:
    """A file of this person's own. Raises PermissionDenied where its list is none of theirs now."""
    export = get_object_or_404(ExportFile, by=request.user, pk=pk)
    list_ = list_named(export.noun)
    if list_ is None or not may_take(request.user, list_):
        raise PermissionDenied(_("You may not take this list away any more."))
    return export


def _check_customers(request: StaffRequest, export: ExportFile) -> None:
    if not exports.may_see_customers(export, request.user):
        raise PermissionDenied(
            _("Since this file was made you may see fewer customers. Ask for it again.")
        )


def _page(
    request: StaffRequest, export: ExportFile, *, status: int = 200, trouble: str = ""
) -> HttpResponse:
    context = {
        "export": export,
        "trouble": trouble,
        "progress": Progress(export),
        "may_see": exports.may_see_customers(export, request.user),
        "manifest": rows_of(export),
    }
    as_part = asks_for_part(request, f"export-{export.pk}")
    template = "pages/exports/_file.html" if as_part else "pages/exports/file.html"
    answer = render(request, template, context, status=status)
    patch_vary_headers(answer, ["HX-Request"])
    return answer
