"""The digest: at each person's hour on their own clock, once a day, and only to say something."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from dashboard.models import Preferences
from resellers import cases, notify
from resellers.mirror import figures
from resellers.models import Case, Delivery, NotificationSettings
from resellers.notify.digest import due_day, none_today
from tests import worlds
from tests.reordering import failed

pytestmark = [pytest.mark.django_db, pytest.mark.once]

VILNIUS = ZoneInfo("Europe/Vilnius")


def reader(zone: str = "", hour: int = 0, **choices):
    """Somebody whose digest comes at that hour."""
    person = worlds.user("operator", "lena", email="lena@agency.example")
    Preferences.objects.create(person=person, zone=zone, days="iso")
    NotificationSettings.objects.create(person=person, hour=hour, **choices)
    return person


def days_with_a_digest(person, start: datetime, end: datetime) -> list[str]:
    """The moments at which it goes out, asked every ten minutes, by the person's clock."""
    chosen, found, now = person.notification_settings, [], start
    while now < end:
        if day := due_day(person, now):
            chosen.digested_on = day
            found.append(now.astimezone(VILNIUS).strftime("%d %H:%M"))
        now += timedelta(minutes=10)
    return found


@pytest.mark.parametrize(
    ("hour", "start", "expected"),
    [
        # The clock jumps from 3 to 4 on 29 March 2026, and goes back from 4 to 3 on 25 October.
        (3, datetime(2026, 3, 27, 22, tzinfo=UTC), ["28 03:00", "29 04:00", "30 03:00"]),
        (3, datetime(2026, 10, 23, 21, tzinfo=UTC), ["24 03:00", "25 03:00", "26 03:00"]),
        (7, datetime(2026, 10, 23, 21, tzinfo=UTC), ["24 07:00", "25 07:00", "26 07:00"]),
        (0, datetime(2026, 3, 27, 22, tzinfo=UTC), ["28 00:00", "29 00:00", "30 00:00"]),
    ],
)
def test_there_is_one_a_day_at_its_hour_when_clocks_change(hour, start, expected):
    person = reader("Europe/Vilnius", hour)

    assert days_with_a_digest(person, start, start + timedelta(days=2, hours=23)) == expected


def test_who_moves_to_another_zone_has_one_a_day_all_the_same():
    person = reader("Pacific/Auckland", 7)
    evening = datetime(2026, 11, 2, 18, 30, tzinfo=UTC)
    day = due_day(person, evening)
    assert day.isoformat() == "2026-11-03"
    person.notification_settings.digested_on = day

    person.preferences.zone = "America/New_York"

    assert due_day(person, evening) is None
    assert due_day(person, evening + timedelta(days=1)) is None
    assert due_day(person, evening + timedelta(days=2)).isoformat() == "2026-11-04"


def test_who_begins_after_the_hour_has_the_first_one_tomorrow():
    person = reader("Europe/Vilnius", 7)
    noon = datetime(2026, 11, 2, 12, tzinfo=VILNIUS)

    none_today(person, person.notification_settings, noon)

    assert due_day(person, noon) is None
    assert due_day(person, noon + timedelta(hours=19)) is not None


def test_it_says_what_is_new_stuck_expiring_afloat_and_unread_and_is_sent_once():
    person = reader()
    now = timezone.now()
    for _ in range(7):
        failed()
    late = now - timedelta(days=9)
    worlds.instance(status="PENDING", status_since=late, product=worlds.product("Mailbox"))
    cases.keep()
    Case.objects.filter(cause="failed").first()
    worlds.instance(expires_at=now + timedelta(days=3))
    worlds.instance(expires_at=now + timedelta(days=31))
    worlds.instance(floating=True, floating_since=now - timedelta(days=20))
    worlds.instance(floating=True, floating_since=now - timedelta(days=2))
    figures.note_unread("Wix answers 500.")
    worlds.user("viewer", "away", email="away@agency.example", is_active=False)

    for _ in range(2):
        notify.tell_what_is_due()

    mail = Delivery.objects.get()
    assert mail.person == person
    assert mail.subject.partition(": ")[2] == (
        "8 new cases, 1 stuck service, 1 expires within 30 days, 1 floats for over 14 days,"
        " Wix cannot be read"
    )
    for words in (
        "- Failed service (DELIVERY_TIMEOUT): 7",
        "- Stuck service: Mailbox of North Bakery, 9 days",
        f"- {(now + timedelta(days=3)):%Y-%m-%d}: Business Plan, North Bakery",
        "https://dashboard.example/instances/?floating=1&floating_for=long",
        "Wix answers 500.",
    ):
        assert words in mail.body


def test_who_looks_after_customers_reads_what_waits_there():
    person = reader()
    theirs = worlds.account("Mill", looked_after_by=person)
    soon = timezone.now() + timedelta(days=3)
    worlds.instance(worlds.package(theirs), expires_at=soon)
    worlds.instance(expires_at=soon)

    notify.tell_what_is_due()

    mail = Delivery.objects.get()
    assert mail.subject.endswith("2 expire within 30 days, 1 thing at your customers")
    assert "https://dashboard.example/accounts/?looked_after=me" in mail.body


def test_where_there_is_nothing_to_say_no_mail_is_sent_and_later_that_day_neither():
    person = reader()
    notify.tell_what_is_due()
    failed()
    cases.keep()

    notify.tell_what_is_due()

    assert Delivery.objects.count() == 0
    NotificationSettings.objects.update(
        digested_on=timezone.localdate() - timedelta(days=1),
        digested_at=timezone.now() - timedelta(days=1),
    )
    notify.tell_what_is_due()
    assert Delivery.objects.get().person == person


def test_what_somebody_wants_told_in_the_digest_stands_in_it_once():
    person = reader(mail={"assigned": "digest", "cause": "never"})
    NotificationSettings.objects.update(digested_at=timezone.now() - timedelta(days=1))
    failed()
    cases.keep()
    manager = worlds.user("manager", "ada")
    cases.assign(Case.objects.values_list("pk", flat=True), to=person, by=manager)

    notify.tell_what_is_due()

    mail = Delivery.objects.get()
    assert mail.subject.endswith("1 thing for you")
    assert "- ada gave you a case: Failed service: Business Plan of North Bakery" in mail.body


def test_who_wants_none_or_has_no_address_gets_none(settings):
    reader(digest=False)
    worlds.user("operator", "no-address")
    failed()
    cases.keep()

    notify.tell_what_is_due()
    settings.MAIL_IS_ON = False
    NotificationSettings.objects.update(digest=True)
    notify.tell_what_is_due()

    assert Delivery.objects.count() == 0
