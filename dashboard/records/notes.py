"""Notes: written on the page of an account, a package or a service, and never taken away."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.frame.staff import StaffRequest
from resellers import notes
from resellers.models import Note

from .record import Noted
from .tabs import NoteForm


@require_POST
@permission_required("resellers.operate", raise_exception=True)
def note_add(
    request: StaffRequest, wix_id: UUID, model: type[Noted], page: Callable[..., HttpResponse]
) -> HttpResponse:
    """Write a note on this record; 422 on its `page` where there are no words, or too many."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return page(request, wix_id, note_form=form, status=422)
    record = model._default_manager.filter(pk=wix_id).first()
    if record is None:
        raise Http404(_("Nothing of id %(id)s") % {"id": wix_id})
    notes.add_note(record, form.cleaned_data["text"], by=request.user)
    return redirect(f"{record.get_absolute_url()}?tab=notes")


@require_POST
@permission_required("resellers.operate", raise_exception=True)
def note_pin(request: StaffRequest, pk: int, pinned: bool) -> HttpResponse:
    """Let a note head its record's page, or put it back among the others."""
    note = get_object_or_404(Note.objects.select_related("account", "package", "instance"), pk=pk)
    (notes.pin if pinned else notes.unpin)(note, by=request.user)
    record = note.instance or note.package or note.account
    return redirect(f"{record.get_absolute_url()}?tab=notes")
