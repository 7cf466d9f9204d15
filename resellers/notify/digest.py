"""The daily digest: at each person's own hour, on their own clock, once a day at most.

A day is the person's own. Where the clock jumps over the hour, the digest goes out when it has
jumped; where the hour comes twice, the day has had its digest by then.
"""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from resellers import formats
from resellers.clock import database_now
from resellers.models import NotificationSettings, scope

from . import outbox, people, words
from .digest_sections import sections

if TYPE_CHECKING:
    from django.contrib.auth.models import User

KIND = "digest"
LOOKING_BACK = timedelta(days=1)  # for a first one


def tell() -> None:
    """Mail a digest to everybody whose hour has come and who has something to read in it."""
    if not settings.MAIL_IS_ON:
        return
    now = database_now()
    for person in people.staff().exclude(email=""):
        if day := due_day(person, now):
            _digest(person, day, now)


def due_day(person: "User", now: datetime) -> date | None:
    """The day, by that person's clock, whose digest is due; None where none is."""
    chosen, local = people.settings_of(person), now.astimezone(people.zone_of(person))
    if not chosen.digest or local.hour < chosen.hour:
        return None
    day = local.date()
    # A later one was had further east.
    return None if chosen.digested_on and chosen.digested_on >= day else day


def none_today(person: "User", chosen: NotificationSettings, now: datetime) -> None:
    """Let the first digest be tomorrow's, where today's hour has passed: for who begins with it."""
    local = now.astimezone(people.zone_of(person))
    if local.hour >= chosen.hour:
        chosen.digested_on, chosen.digested_at = local.date(), now


def _digest(person: "User", day: date, now: datetime) -> None:
    last = people.settings_of(person).digested_at or now - LOOKING_BACK
    with transaction.atomic():
        NotificationSettings.objects.get_or_create(person=person)
        # Of several processes at this, one finds the day without its digest.
        rows = NotificationSettings.objects.filter(person=person)
        undigested = rows.filter(Q(digested_on=None) | Q(digested_on__lt=day))
        if not undigested.update(digested_on=day, digested_at=now):
            return
        with (
            scope.reading_for(person),
            timezone.override(people.zone_of(person)),
            formats.written(people.formats_of(person)),
        ):
            found = sections(person, last)
            if not found:
                return
            subject = gettext("%(day)s: %(what)s") % {
                "day": formats.short_day(day),
                "what": ", ".join(section.summary for section in found),
            }
            body = words.body([section.text for section in found])
        outbox.post(
            [outbox.mail(person, KIND, f"{KIND}:{person.pk}:{day.isoformat()}", subject, body)]
        )
