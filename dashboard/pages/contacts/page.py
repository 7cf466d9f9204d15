"""The people behind a customer's domains: for who registers them, and for nobody else."""

import csv
import io
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.frame.staff import StaffRequest
from dashboard.lists.csv_file import cell_value
from resellers import contacts
from resellers.models import Account, Flow, RegistrantContact
from resellers.models.contacts import PERSONAL

from .forms import ContactForm

RIGHT = "resellers.operate"
REGIONS = "regions"  # of the button that only shows the parts of the chosen country


@require_safe
@permission_required(RIGHT, raise_exception=True)
def contact_list(request: StaffRequest, wix_id: UUID) -> HttpResponse:
    """A customer's contacts."""
    account = get_object_or_404(Account, pk=wix_id)
    context = {"account": account, "contacts": contacts.of_account(account)}
    return render(request, "pages/contacts/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(RIGHT, raise_exception=True)
def contact_new(request: StaffRequest, wix_id: UUID) -> HttpResponse:
    """Write a contact of that customer down."""
    account = get_object_or_404(Account, pk=wix_id)
    form = ContactForm(request.POST or None)
    if _is_to_save(request) and form.is_valid():
        contact = contacts.add(account, form.cleaned_data, by=request.user)
        messages.success(request, _("The contact is saved."))
        if (flow := _flow_of(request, account)) is not None:
            return redirect(f"{flow.get_absolute_url()}?contact={contact.pk}")
        return redirect("contact_list", wix_id=account.pk)
    return _form_page(request, account, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(RIGHT, raise_exception=True)
def contact_edit(request: StaffRequest, wix_id: UUID, pk: UUID) -> HttpResponse:
    """Change a contact; registrations of before keep what they were sent with."""
    contact = _contact(wix_id, pk)
    form = ContactForm(request.POST or None, contact=contact)
    if _is_to_save(request) and form.is_valid():
        changed = contacts.change(contact, form.cleaned_data, by=request.user)
        messages.success(request, _("The contact is saved.") if changed else _("It was so before."))
        return redirect("contact_list", wix_id=wix_id)
    return _form_page(request, contact.account, form, contact)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def contact_erase(request: StaffRequest, wix_id: UUID, pk: UUID) -> HttpResponse:
    """Take away all that tells of the person."""
    contact = _contact(wix_id, pk)
    try:
        contacts.erase(contact, by=request.user)
    except contacts.InUse as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The contact is erased. What Wix holds, Wix has to erase."))
    return redirect("contact_list", wix_id=wix_id)


@require_POST
@permission_required([RIGHT, "resellers.export"], raise_exception=True)
def contact_export(request: StaffRequest, wix_id: UUID) -> HttpResponse:
    """A customer's contacts as a file, which the audit trail tells of; no other file has them."""
    account = get_object_or_404(Account, pk=wix_id)
    rows = list(contacts.of_account(account))
    contacts.note_export(account, len(rows), by=request.user)
    text = io.StringIO()
    file = csv.writer(text, lineterminator="\r\n")
    file.writerow(["contact_id", *PERSONAL])
    for one in rows:
        file.writerow([one.pk, *(cell_value(getattr(one, name)) for name in PERSONAL)])
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="contacts_{account.short_id}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def _contact(wix_id: UUID, pk: UUID) -> RegistrantContact:
    held = RegistrantContact.objects.select_related("account")
    return get_object_or_404(held, pk=pk, account=wix_id, erased_at=None)


def _flow_of(request: StaffRequest, account: Account) -> Flow | None:
    """The customer's flow for which the contact is written down, if it is for one."""
    named = request.POST.get("flow") or request.GET.get("flow", "")
    flows = Flow.objects.filter(account=account)
    return flows.filter(pk=named).first() if named.isdecimal() and len(named) < 19 else None


def _is_to_save(request: StaffRequest) -> bool:
    return request.method == "POST" and REGIONS not in request.POST


def _form_page(
    request: StaffRequest, account: Account, form: ContactForm, contact: RegistrantContact | None
) -> HttpResponse:
    if REGIONS in request.POST:
        # Nothing is refused yet: what was typed stays, and the country's parts are offered.
        form = ContactForm(request.POST, contact=contact)
        form.errors.clear()
    flow = _flow_of(request, account)
    context = {"account": account, "form": form, "contact": contact, "flow": flow}
    status = 422 if form.errors else 200
    return render(request, "pages/contacts/form.html", context, status=status)
