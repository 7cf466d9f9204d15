"""Who is told, by which of their choices, on whose clock."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone

from resellers.formats import STANDARD, Formats
from resellers.models import MailWay, NoticeKind, NotificationSettings, Role


def staff() -> QuerySet[User]:
    """Everybody who may log in, with what each has chosen."""
    # What the site keeps of a person is asked for by name: it lies on a floor above.
    rows = User.objects.filter(is_active=True).order_by("pk")
    return rows.select_related("notification_settings", "preferences", "scope")


def with_role(role: Role) -> list[User]:
    """Those who have that role; where nobody has it, those of the next one up."""
    roles = list(Role)
    for candidate in roles[roles.index(role) :]:
        if found := list(staff().filter(groups__name=candidate.value)):
            return found
    return []


def name_of(person: User | None) -> str:
    """The name a colleague goes by; empty where nobody did it."""
    return (person.get_full_name() or person.get_username()) if person else ""


def settings_of(person: User) -> NotificationSettings:
    """What that person has chosen; the standard where nothing is stored."""
    stored: Any = getattr(person, "notification_settings", None)
    return stored or NotificationSettings(person=person)


def gets_mail(person: User, kind: NoticeKind, way: MailWay) -> bool:
    """Whether this kind is told to that person by mail in this way."""
    return may_get_mail(person) and settings_of(person).way(kind) == way


def may_get_mail(person: User) -> bool:
    """Whether there is a server, and an address of that person."""
    return bool(settings.MAIL_IS_ON and person.is_active and person.email)


def zone_of(person: User) -> ZoneInfo:
    """That person's zone; the agency's where none was chosen, or this machine does not know it."""
    preferences: Any = getattr(person, "preferences", None)
    try:
        if preferences and preferences.zone:
            return ZoneInfo(preferences.zone)
    except (ZoneInfoNotFoundError, ValueError):
        pass
    return timezone.get_default_timezone()


def formats_of(person: User) -> Formats:
    """How days and numbers are written for that person."""
    preferences: Any = getattr(person, "preferences", None)
    return Formats(preferences.days, preferences.thousands) if preferences else STANDARD
