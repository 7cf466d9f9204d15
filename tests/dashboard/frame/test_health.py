"""The head of every page: how current all of it is, whether work goes on, and what that means."""

import re
from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from resellers import heartbeats
from resellers.mirror import figures
from resellers.models import Delivery, Heartbeat
from tests import worlds
from tests.dashboard.outages import database_away

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def head(client: Client) -> str:
    """What stands above a page in words: the notices and the header."""
    html = client.get("/reports/").content.decode()
    found = re.search(r'<div class="page">(.*?)<main', html, re.DOTALL)[1]
    return " ".join(re.sub(r"<[^>]*>", " ", re.sub(r"</?time[^>]*>", "", found)).split())


def beats(**minutes: float) -> None:
    """Each process was seen so many minutes ago, and the others never."""
    Heartbeat.objects.all().delete()
    for role, ago in minutes.items():
        at = timezone.now() - timedelta(minutes=ago)
        Heartbeat.objects.create(role=role, last_seen_at=at)


def test_the_head_says_when_all_was_last_read_and_warns_when_that_is_overdue(viewer):
    assert "Never read in full" in head(viewer)
    figures.note_whole(timezone.now() - timedelta(minutes=3))
    beats(worker=0, beat=0, sweep=0)
    assert "Up to date, 3 min ago" in head(viewer)
    assert "Everything was read 3 min ago" in head(viewer)
    figures.note_whole(timezone.now() - timedelta(hours=30))
    assert "Not read in full for 30 h" in head(viewer)


@pytest.mark.parametrize(
    ("seen", "chip", "said"),
    [
        (
            {"beat": 0, "sweep": 0, "worker": 3},
            "Slower than usual",
            "Background work is slow for 3 min"
            " What you confirm is recorded and carried out a little later.",
        ),
        (
            {"beat": 0, "worker": 3},
            "Changes are waiting",
            "Background work has stopped for 3 min."
            " What you confirm is recorded, and nothing is carried out until it is back.",
        ),
        (
            {"worker": 0, "sweep": 0, "beat": 4},
            "Not read by itself",
            "Wix is not read by itself for 4 min"
            " What you confirm is carried out. Wix is not read by itself until it is back.",
        ),
        (
            {"worker": 0, "beat": 0, "sweep": 4},
            "No stand-in",
            "Background work has no stand-in for 4 min"
            " What you confirm is carried out, but nothing would go on with it if the rest of"
            " background work failed.",
        ),
        (
            {},
            "Changes are waiting",
            "Background work has stopped."
            " What you confirm is recorded, and nothing is carried out until it is back."
            " Wix is not read by itself until it is back.",
        ),
    ],
)
def test_the_head_says_what_it_means_where_a_part_of_the_work_is_silent(viewer, seen, chip, said):
    figures.note_whole(timezone.now())
    beats(**seen)

    words = head(viewer)

    assert chip in words
    assert said in words.replace(" Changes are sent to Wix Mail is sent", "")
    assert not re.search(r"(?i)\b(worker|beat|sweep|mirror|redis)\b", words)


def test_only_where_nothing_is_carried_out_a_notice_heads_the_page(viewer):
    beats(beat=0, sweep=0, worker=3)
    assert 'aria-label="Notices"' not in viewer.get("/reports/").content.decode()

    beats(beat=0, worker=3)

    assert 'aria-label="Notices"' in viewer.get("/reports/").content.decode()


def test_a_process_is_missed_after_two_periods_and_not_before(viewer):
    figures.note_whole(timezone.now())
    period = heartbeats.PERIOD.total_seconds() / 60
    beats(worker=2 * period - 0.1, beat=0, sweep=0)
    assert "Background work goes on" in head(viewer)

    beats(worker=2 * period + 0.1, beat=0, sweep=0)

    assert "Background work is slow for 1 min" in head(viewer)
    assert "Slower than usual" in head(viewer)


@pytest.mark.parametrize("sweep", ["there", "missing"])
def test_the_head_says_what_it_means_that_redis_does_not_answer(viewer, settings, sweep):
    settings.REDIS_URL = f"redis://127.0.0.1:9/{sweep}"
    beats(worker=3, beat=3, **({"sweep": 0} if sweep == "there" else {}))

    if sweep == "there":
        words = "What you confirm is recorded and carried out a little later."
    else:
        words = "What you confirm is recorded, and nothing is carried out until it is back."
    assert words in head(viewer)
    assert "Wix is not read by itself until it is back." in head(viewer)


def test_a_line_each_says_what_the_head_sums_up(viewer):
    figures.note_whole(timezone.now() - timedelta(hours=2))
    figures.note_changes_read(timezone.now() - timedelta(minutes=3, seconds=5))
    beats(worker=0, beat=0, sweep=0)

    found = re.search(r"Up to date, 3 min ago (.*) Sync page", head(viewer))

    assert found[1].split("  ") == [
        "Wix answers Changes are read 3 min ago Everything was read 2 h ago"
        " Background work goes on Changes are sent to Wix Mail is sent"
    ]


def test_mail_that_waits_for_its_server_is_told_and_no_single_try(viewer, settings):
    beats(worker=0, beat=0, sweep=0)
    figures.note_whole(timezone.now())
    person = worlds.user("operator", email="lena@agency.example")
    mail = Delivery.objects.create(key="one", channel="mail", person=person, kind="digest", body="")
    assert "Mail is sent" in head(viewer)
    Delivery.objects.update(
        last_answer="Refused.", created_at=timezone.now() - timedelta(minutes=3)
    )
    assert "Mail is late" not in head(viewer)

    Delivery.objects.update(created_at=timezone.now() - timedelta(minutes=20))

    assert "Mail is late" in head(viewer)
    assert "Mail waits, and none of it is lost for 20 min" in head(viewer)
    Delivery.objects.filter(pk=mail.pk).update(state="sent")
    assert "Mail is late" not in head(viewer)
    settings.MAIL_IS_ON = False
    assert "Mail" not in head(viewer)


@pytest.mark.django_db(transaction=True)
def test_a_web_process_is_seen_as_it_serves_a_page_and_not_by_a_sign_of_life(monkeypatch):
    from dashboard.wsgi import application

    monkeypatch.setattr(heartbeats, "_beat_at", {})
    serve = RequestFactory().get

    def ask(path: str) -> int:
        statuses = []
        application(serve(path).environ, lambda status, *_: statuses.append(int(status[:3])))
        return statuses[0]

    assert ask("/healthz") == 200
    assert not Heartbeat.objects.filter(role="web").exists()
    assert ask("/login/") == 200
    first = Heartbeat.objects.get(role="web").last_seen_at
    assert ask("/login/") == 200
    assert Heartbeat.objects.get(role="web").last_seen_at == first, "it writes with each page"


def test_a_page_does_not_fail_because_its_process_cannot_be_marked(monkeypatch):
    monkeypatch.setattr(heartbeats, "_beat_at", {})

    with database_away():
        heartbeats.beat(Heartbeat.Role.WEB)

    assert not Heartbeat.objects.exists()
