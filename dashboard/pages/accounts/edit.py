"""What the agency itself writes on its customers, in place on their pages: Wix gives ids only."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.frame.referrer import page_before
from dashboard.frame.staff import StaffRequest
from resellers.mirror import naming
from resellers.models import Account

from .forms import CustomerForm
from .page import Editing, account_page


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("resellers.approve", raise_exception=True)
def account_edit(request: StaffRequest, wix_id: UUID) -> HttpResponse:
    """The customer's page with what the agency writes on them open to be changed.

    Once it is saved it leads back to the list, where one came from there.
    """
    account = get_object_or_404(Account, pk=wix_id)
    posted = request.method == "POST"
    back = request.POST.get("back", "") if posted else _came_from(request)
    back = back if _is_the_list(back) else account.get_absolute_url()
    form = CustomerForm(account, request.POST if posted else None)
    if posted and form.is_valid():
        if naming.change_customer(account, form.cleaned_data, by=request.user):
            messages.success(request, _("%(account)s is saved.") % {"account": account})
        else:
            messages.info(request, _("Nothing was changed."))
        return redirect(back)
    editing = Editing(form, back)
    return account_page(request, wix_id, editing=editing, status=422 if posted else 200)


def _came_from(request: StaffRequest) -> str:
    """The address of the page that led here."""
    path, query = page_before(request)
    return f"{path}?{query}" if query else path


def _is_the_list(address: str) -> bool:
    path = reverse("account_list")
    return address == path or address.startswith(f"{path}?")
