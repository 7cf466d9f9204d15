"""What a person has mailed to them: chosen on their settings, and said how it fares."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from resellers.models import AuditEntry, Delivery, MailWay, NoticeKind, NotificationSettings
from resellers.notify import outbox
from tests.dashboard.submitting import OWN_SETTINGS, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def save(client, **fields):
    return client.post("/me/", OWN_SETTINGS | fields, follow=True)


def test_address_hour_and_ways_are_kept_and_the_address_is_on_record(operator):
    wanted = {
        "email": "lena@agency.example",
        "hour": "18",
        "mail_cause": "at_once",
        "mail_mentioned": "never",
    }
    answer = save(operator, **wanted)

    assert "Your settings are saved." in text(answer)
    chosen = NotificationSettings.objects.get()
    assert (chosen.hour, chosen.digest) == (18, True)
    assert chosen.way(NoticeKind.CAUSE) == MailWay.AT_ONCE
    assert chosen.way(NoticeKind.MENTIONED) == MailWay.NEVER
    assert User.objects.get(pk=operator.user.pk).email == "lena@agency.example"
    entry = AuditEntry.objects.get(event="person.settings_changed")
    assert entry.body == {"email": ["", "lena@agency.example"]}
    page = operator.get("/me/").content.decode()
    assert 'value="lena@agency.example"' in page
    assert '<option value="18" selected>18:00</option>' in page
    assert "Nothing was changed." in text(save(operator, **wanted))


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("email", "nonsense"),
        ("email", "a@agency.example, b@agency.example"),
        ("email", "a@agency.example\nBcc: b@agency.example"),
        ("hour", "24"),
        ("hour", "-1"),
        ("hour", "seven"),
        ("hour", ""),
        ("mail_cause", "by_pigeon"),
        ("mail_assigned", ""),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field_and_nothing_is_kept(operator, field, wrong):
    answer = save(operator, **{"name": "Lena", field: wrong})

    assert answer.status_code == 422
    assert f'id="{field}_error"' in answer.content.decode()
    assert not NotificationSettings.objects.exists()
    assert not AuditEntry.objects.exists()


def test_who_begins_with_a_digest_after_its_hour_has_the_first_one_tomorrow(operator):
    save(operator, hour="0", email="lena@agency.example")

    assert NotificationSettings.objects.get().digested_on == timezone.localdate()


def test_where_no_server_is_set_or_mails_wait_the_page_says_so(operator, settings):
    assert "No mail is sent from here" not in text(operator.get("/me/"))
    outbox.post([outbox.mail(operator.user, "assigned", "a", "A case", "Look at it.")])
    Delivery.objects.update(tries=3, last_answer="The mail server does not answer in time.")

    page = text(operator.get("/me/"))
    assert "1 mail to you waits. The mail server does not answer in time." in page

    settings.MAIL_IS_ON = False
    assert "No mail is sent from here" in text(operator.get("/me/"))
