"""Mails as a real server gets them: each once, late where it is away, and never lost."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from resellers import cases, notify
from resellers.models import Case, Delivery
from tests import worlds
from tests.notify.receivers import killed_while_sending, mail_server
from tests.reordering import failed

pytestmark = pytest.mark.django_db

NO_WAIT = {"RETRY_SECONDS": (0,), "LEASE_SECONDS": 0}


@pytest.fixture
def quick(settings):
    settings.NOTIFY = settings.NOTIFY | NO_WAIT


def given_away(number: int = 1, to: str = "lena") -> list[Delivery]:
    """The mails that tell Lena of cases that were given to her, one at a time."""
    manager = worlds.user("manager", f"manager-of-{to}", first_name="Ada")
    lena = worlds.user("operator", to, email=f"{to}@agency.example")
    for _ in range(number):
        failed()
    cases.keep()
    for case in Case.objects.filter(owner=None).order_by("pk"):
        cases.assign([case.pk], to=lena, by=manager)
    return list(Delivery.objects.filter(person=lena).order_by("pk"))


def send_all() -> None:
    for pk in notify.due():
        notify.send(pk)


def test_who_is_given_a_case_reads_so_in_a_mail_that_comes_once(settings, quick):
    [mail] = given_away()

    with mail_server(settings) as server:
        send_all()
        send_all()

    [read] = server.taken
    assert read["To"] == "lena@agency.example"
    assert read["From"] == "dashboard@agency.example"
    assert read["Subject"].startswith("Ada gave you a case: Failed service: Business Plan of North")
    assert "https://dashboard.example/failures/" in read.get_content()
    assert "You choose what is mailed to you" in read.get_content()
    assert read["Auto-Submitted"] == "auto-generated"
    mail.refresh_from_db()
    assert (mail.state, mail.tries) == ("sent", 1)
    assert mail.sent_at is not None
    assert [attempt.arrived for attempt in mail.attempts.all()] == [True]


def test_a_server_that_is_away_delays_all_mails_at_one_try_and_loses_none(settings):
    settings.NOTIFY = settings.NOTIFY | {"RETRY_SECONDS": (60,)}
    mails = given_away(3)
    with mail_server(settings) as server:
        pass

    send_all()

    waiting = Delivery.objects.filter(state="waiting", next_run_at__gt=timezone.now())
    assert waiting.count() == 3
    assert [mail.attempts.count() for mail in mails] == [1, 0, 0]
    assert set(waiting.values_list("last_answer", flat=True)) == {
        "The mail server cannot be used: [Errno 111] Connection refused"
    }
    waiting.update(next_run_at=Now())
    with mail_server(settings, server.port) as back:
        send_all()
        send_all()
    assert len(back.taken) == 3
    assert len({read["Message-ID"] for read in back.taken}) == 3
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.parametrize(
    ("refuses", "says", "state"),
    [
        ("550 no such mailbox", "", "failed"),
        ("451 greylisted", "", "waiting"),
        ("", "554 looks like spam", "waiting"),
        ("", "421 too busy", "waiting"),
    ],
)
def test_what_the_server_says_is_kept_and_only_a_wrong_address_is_given_up(
    settings, quick, refuses, says, state
):
    [mail] = given_away()

    with mail_server(settings) as server:
        server.refuses, server.says = refuses, says or "250 OK"
        send_all()

    mail.refresh_from_db()
    assert (mail.state, server.taken) == (state, [])
    assert (refuses or says)[4:] in mail.last_answer


def test_a_line_that_breaks_after_the_mail_is_doubted_once_and_no_third_is_sent(settings, quick):
    [mail] = given_away()

    with mail_server(settings) as server:
        server.says = "hangs up"
        for _ in range(4):
            send_all()

    mail.refresh_from_db()
    assert mail.state == "unclear"
    assert "may have arrived" in mail.last_answer
    assert [attempt.arrived for attempt in mail.attempts.all()] == [None, None]


def test_after_four_days_it_is_given_up_and_says_why(settings, quick):
    [mail] = given_away()
    with mail_server(settings):
        pass
    long_ago = timezone.now() - timedelta(days=5)
    Delivery.objects.update(wanted_at=long_ago)

    send_all()

    mail.refresh_from_db()
    assert (mail.state, mail.last_answer[:15]) == ("failed", "The mail server")


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_sending_and_noting_tells_once_more_and_the_log_says_so(
    settings, quick
):
    once, twice = given_away(2)

    with mail_server(settings) as server:
        killed_while_sending(once.pk, server)
        killed_while_sending(twice.pk, server)
        killed_while_sending(twice.pk, server)
        once.refresh_from_db()
        assert once.state == "sending"
        for _ in range(3):
            send_all()

    once.refresh_from_db()
    twice.refresh_from_db()
    assert len(server.taken) == 4
    assert len({read["Message-ID"] for read in server.taken}) == 2
    assert once.state == "sent"
    assert [attempt.arrived for attempt in once.attempts.all()] == [None, True]
    assert twice.state == "unclear"
    assert [attempt.ended_at for attempt in twice.attempts.all()] == [None, None]
