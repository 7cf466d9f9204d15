"""The records that somebody opened last, for the way back to them."""

from collections.abc import Callable
from contextlib import suppress

from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from dashboard.models import RecentRecords

MOST = 12
# The pages of records by the names of their addresses, and what is kept of each.
PAGES = {
    "account_detail": "account",
    "package_detail": "package",
    "instance_detail": "instance",
    "site_detail": "site",
    "operation_page": "operation",
}


class RecentlyOpened:
    """Middleware that keeps which record's page a person has opened."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        match = request.resolver_match
        if answer.status_code != 200 or request.method != "GET" or match is None:
            return answer
        noun = PAGES.get(match.url_name or "")
        # Who sees another part of a page has opened nothing.
        is_part = "HX-Request" in request.headers or "tab" in request.GET
        person_id = request.user.pk
        if noun and person_id is not None and not is_part:
            [key] = match.kwargs.values()
            # That a page was opened is worth keeping, and never worth the page.
            with suppress(DatabaseError), transaction.atomic():
                keep(person_id, f"{noun}:{key}")
        return answer


def keep(person_id: int, subject: str) -> None:
    """Put that record before the others that this person has opened."""
    before = recent(person_id)
    if before[:1] == [subject]:
        return  # who looks at one record again and again writes nothing
    opened = [subject, *(one for one in before if one != subject)][:MOST]
    RecentRecords.objects.bulk_create(
        [RecentRecords(person_id=person_id, opened=opened)],
        update_conflicts=True,
        unique_fields=["person"],
        update_fields=["opened"],
    )


def recent(person_id: int | None) -> list[str]:
    """What this person opened, the last first, as `account:ID`."""
    mine = RecentRecords.objects.filter(person_id=person_id).values_list("opened", flat=True)
    return list(mine.first() or [])
