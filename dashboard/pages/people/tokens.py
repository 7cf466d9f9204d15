"""The tokens of colleagues, which an admin may revoke."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.frame.staff import StaffRequest
from resellers import tokens
from resellers.models import PersonalToken


@require_POST
@permission_required("resellers.administer", raise_exception=True)
def token_revoke(request: StaffRequest, pk: int) -> HttpResponse:
    """Have a colleague's token open nothing any more."""
    token = get_object_or_404(PersonalToken.objects.select_related("person"), pk=pk)
    if tokens.revoke(token, by=request.user):
        messages.success(request, _("The token is revoked. It opens nothing any more."))
    return redirect("person_page", token.person_id)
