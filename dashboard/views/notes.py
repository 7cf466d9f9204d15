"""Notes: written on the page of an account, a package or a service, and never taken away."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from dashboard.records.page import NoteForm, Record
from dashboard.staff import StaffRequest
from resellers import review
from resellers.models import Account, Note, Package, ProductInstance

from .accounts import account_page
from .instance import instance_page
from .packages import package_page

RECORDS: dict[str, tuple[type[Record], Callable[..., HttpResponse]]] = {
    "account": (Account, account_page),
    "package": (Package, package_page),
    "instance": (ProductInstance, instance_page),
}


@require_POST
@permission_required("resellers.operate", raise_exception=True)
def note_add(request: StaffRequest, noun: str, wix_id: UUID) -> HttpResponse:
    """Write a note on this record; 422 with the words where there is none, or too much of it."""
    model, page = RECORDS[noun]
    form = NoteForm(request.POST)
    if not form.is_valid():
        return page(request, wix_id, note_form=form, status=422)
    record = model._default_manager.filter(pk=wix_id).first()
    if record is None:
        raise Http404(f"Nothing of id {wix_id}")
    review.add_note(record, form.cleaned_data["text"], by=request.user)
    return redirect(f"{record.get_absolute_url()}?tab=notes")


@require_POST
@permission_required("resellers.operate", raise_exception=True)
def note_pin(request: StaffRequest, pk: int, pinned: bool) -> HttpResponse:
    """Let a note head its record's page, or put it back among the others."""
    note = get_object_or_404(Note.objects.select_related("account", "package", "instance"), pk=pk)
    (review.pin if pinned else review.unpin)(note, by=request.user)
    record = note.instance or note.package or note.account
    return redirect(f"{record.get_absolute_url()}?tab=notes")
