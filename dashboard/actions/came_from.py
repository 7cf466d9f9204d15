"""The list that somebody came from to ask for a change, so that its operation leads back there."""

from dashboard.frame.referrer import as_list, path_to_return_to
from dashboard.frame.staff import StaffRequest
from resellers.models import Operation

FIELD = "came_from"
_SESSION_KEY = "came_from_list"


def list_before(request: StaffRequest) -> str:
    """The list that the form was opened from; empty where it was opened from elsewhere."""
    address = request.POST.get(FIELD, "")
    return as_list(address if request.method == "POST" else path_to_return_to(request))


def remember(request: StaffRequest, operation: Operation) -> None:
    """Keep it for the page of the operation that came of the form."""
    if address := list_before(request):
        request.session[_SESSION_KEY] = [operation.pk, address]


def list_to_go_back_to(request: StaffRequest, operation: Operation) -> str:
    """The list that this person came from when asking for the operation; empty where none is
    known any more."""
    number, address = request.session.get(_SESSION_KEY) or (0, "")
    return as_list(address) if number == operation.pk else ""
