"""What each role may do, in words; an admin looks as one of them sees it."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dashboard.frame.staff import StaffRequest
from dashboard.frame.view_as import KEY
from dashboard.pages.me.rights import RIGHTS, ROLES
from resellers import audit, scopes
from resellers.models import ROLE_PERMISSIONS, Role


@dataclass(frozen=True, slots=True)
class RightRow:
    """One thing that may be allowed, and of each role whether it may, in their order."""

    words: str
    may: list[tuple[str, bool]]


@require_safe
def roles_page(request: StaffRequest) -> HttpResponse:
    """Every role with what it is for, and every right with who has it."""
    order = list(Role)
    since = {right: order.index(role) for role, held in ROLE_PERMISSIONS.items() for right in held}
    context = {
        "roles": [(role.value, role.label, words) for role, words in ROLES.items()],
        "rights": [
            RightRow(
                str(words),
                [(str(role.label), since[right] <= place) for place, role in enumerate(order)],
            )
            for right, words in RIGHTS.items()
        ],
        "may_view_as": request.user.has_perm("resellers.administer"),
        "groups": scopes.groups_of(request.user),
    }
    return render(request, "pages/roles/page.html", context)


@require_POST
@permission_required("resellers.administer", raise_exception=True)
def view_as(request: StaffRequest) -> HttpResponse:
    """Look at everything with the rights of that role from now on, and change nothing."""
    role = request.POST.get("role", "")
    if role not in Role.values:
        messages.error(request, _("Choose a role."))
        return redirect("roles_page")
    request.session[KEY] = role
    audit.record("view_as.begun", by=request.user, body={"role": role})
    return redirect("overview")


@require_POST
def view_as_end(request: StaffRequest) -> HttpResponse:
    """See everything as oneself again."""
    if role := request.session.pop(KEY, ""):
        audit.record("view_as.ended", by=request.user, body={"role": role})
    return redirect("roles_page")
