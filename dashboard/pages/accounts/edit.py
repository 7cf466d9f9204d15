"""What the agency itself writes on its customers: Wix gives ids only."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dashboard.frame.referrer import page_before
from dashboard.frame.staff import StaffRequest
from resellers.mirror import naming
from resellers.models import Account

from .forms import CustomerForm


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("resellers.approve", raise_exception=True)
def account_edit(request: StaffRequest, wix_id: UUID) -> HttpResponse:
    """A customer's name, e-mail, group and reference; then back to the list, where one was."""
    account = get_object_or_404(Account, pk=wix_id)
    posted = request.method == "POST"
    back = request.POST.get("back", "") if posted else _came_from(request)
    back = back if _is_the_list(back) else account.get_absolute_url()
    form = CustomerForm(request.POST) if posted else CustomerForm.of(account)
    if posted and form.is_valid():
        if naming.change_customer(account, form.cleaned_data, by=request.user):
            messages.success(request, f"{account} is saved.")
        else:
            messages.info(request, "Nothing was changed.")
        return redirect(back)
    context = {"account": account, "form": form, "back": back}
    return render(request, "pages/accounts/edit.html", context, status=422 if posted else 200)


def _came_from(request: StaffRequest) -> str:
    """The address of the page that led here."""
    path, query = page_before(request)
    return f"{path}?{query}" if query else path


def _is_the_list(address: str) -> bool:
    path = reverse("account_list")
    return address == path or address.startswith(f"{path}?")
