"""The width of the menu, for who has no script."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.frame import menu_width
from dashboard.frame.referrer import path_to_return_to
from dashboard.frame.staff import StaffRequest


@require_POST
def my_menu(request: StaffRequest) -> HttpResponse:
    """A full menu or a rail of icons: from its foot, and back to where one was."""
    width = request.POST.get("menu", "")
    if width not in menu_width.WIDTHS:
        return HttpResponse(_("There is no such menu."), status=422, content_type="text/plain")
    answer = redirect(path_to_return_to(request) or "overview")
    menu_width.keep(answer, width)
    return answer
