"""What an open page says by itself: how what one had asked for has ended, each once."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.components.values import counted
from dashboard.frame import preferences
from dashboard.frame.notifications import Notification, concerning, notification
from dashboard.frame.referrer import page_before
from dashboard.frame.staff import StaffRequest
from dashboard.models import Announced, Preferences
from resellers import formats

MOST = 3  # toasts at once; of more, one tells how many
LOOKED_AT = 50  # of what is new to a person
REMEMBERED = 4 * LOOKED_AT


@dataclass(frozen=True, slots=True)
class News:
    """What ended and was not said yet: each, or in one sentence where they are many."""

    each: list[Notification]
    many: str = ""
    tone: str = "good"


@require_POST
def live(request: StaffRequest) -> HttpResponse:
    """The toasts that are new to this person; 204 where nothing is.

    A page that shows an operation says itself how that one ended.
    """
    found = unannounced(request.user, preferences.of(request))
    path, _ = page_before(request)
    found = [one for one in found if one.operation.get_absolute_url() != path]
    if not found:
        return HttpResponse(status=204)
    return render(request, "pages/live/_toasts.html", {"news": _news(found)})


def unannounced(person: User, preferences: Preferences) -> list[Notification]:
    """What is new to the person and no page has said yet; from now on it is said.

    Of what ended before the person's first page since the log-in nothing is.
    """
    before = Announced.objects.filter(person=person).values_list("endings", flat=True).first()
    new = concerning(person, preferences).filter(is_new=True)
    found = [notification(row) for row in new.order_by("-requested_at", "-id")[:LOOKED_AT]]
    fresh = [one for one in found if _key(one) not in (before or ())]
    if fresh or before is None:
        endings = [*map(_key, fresh), *(before or ())][:REMEMBERED]
        Announced.objects.bulk_create(
            [Announced(person=person, endings=endings)],
            update_conflicts=True,
            unique_fields=["person"],
            update_fields=["endings"],
        )
    if before is None:
        since = person.last_login
        fresh = [one for one in fresh if since and one.at > since]
    return fresh[::-1]


def _key(one: Notification) -> str:
    """The operation as it stands: once it has gone on, that is news again."""
    return f"{one.operation.pk}:{one.operation.fence}:{one.operation.state}:{one.operation.ending}"


def _news(found: list[Notification]) -> News:
    if len(found) <= MOST:
        return News(found)
    tones = [one.words.tone for one in found]
    tone = next((tone for tone in ("bad", "look") if tone in tones), "good")
    words = _("%(count)s ended") % {
        "count": counted(len(found), "operation has", "operations have")
    }
    if tone != "good":
        others = sum(one != "good" for one in tones)
        words += _(", %(others)s not as asked") % {"others": formats.number(others)}
    return News([], words, tone)
