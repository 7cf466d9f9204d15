"""What a person has chosen to be mailed, kept; and how mail to them fares."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User

from resellers import audit
from resellers.clock import database_now
from resellers.models import Delivery, NoticeKind, NotificationSettings
from resellers.notify import digest, people
from resellers.people import links


@dataclass(frozen=True, slots=True)
class MailState:
    """Whether mail is sent at all, how many to this person wait, and what the server last said."""

    is_on: bool
    waiting: int = 0
    answer: str = ""


def state_for(person: User) -> MailState:
    """How mail to that person fares: one statement."""
    if not settings.MAIL_IS_ON:
        return MailState(is_on=False)
    waiting = Delivery.objects.filter(person=person, last_answer__gt="").pending()
    answers = list(waiting.order_by("-pk").values_list("last_answer", flat=True))
    return MailState(is_on=True, waiting=len(answers), answer=answers[0] if answers else "")


def chosen_by(person: User) -> dict[str, Any]:
    """All that the form has, as it stands."""
    chosen = _stored(person)
    ways = {f"mail_{kind}": chosen.way(kind).value for kind in NoticeKind}
    return {"email": person.email, "digest": chosen.digest, "hour": chosen.hour, **ways}


def keep(person: User, wanted: dict[str, Any]) -> bool:
    """Have it so from now on; False where it was. Part of the caller's transaction."""
    before = chosen_by(person)
    if wanted == before:
        return False
    chosen = _stored(person)
    begins = wanted["email"] and wanted["digest"] and not (before["email"] and before["digest"])
    chosen.digest, chosen.hour = wanted["digest"], wanted["hour"]
    chosen.mail = {str(kind): wanted[f"mail_{kind}"] for kind in NoticeKind}
    fields = {"digest": chosen.digest, "hour": chosen.hour, "mail": chosen.mail}
    if begins:
        digest.none_today(people.staff().get(pk=person.pk), chosen, database_now())
        fields |= {"digested_on": chosen.digested_on, "digested_at": chosen.digested_at}
    NotificationSettings.objects.update_or_create(person=person, defaults=fields)
    if wanted["email"] != before["email"]:
        person.email = wanted["email"]
        person.save(update_fields=["email"])
        links.revoke(person)  # those that lie in the mailbox from before
        body = {"email": [before["email"], wanted["email"]]}
        audit.record("person.settings_changed", by=person, body=body)
    return True


def _stored(person: User) -> NotificationSettings:
    row = NotificationSettings.objects.filter(person=person).first()
    return row or NotificationSettings(person=person)
