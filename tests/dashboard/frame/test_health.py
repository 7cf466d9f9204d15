"""The head and the foot of every page: how whole the mirror is, and which process is missing."""

import re
from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from resellers import heartbeats
from resellers.mirror import figures
from resellers.models import Heartbeat
from tests.dashboard.outages import database_away

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def head(client: Client) -> str:
    """What stands above a page in words: the notices and the header."""
    html = client.get("/reports/").content.decode()
    found = re.search(r'<div class="page">(.*?)<main', html, re.DOTALL)[1]
    return " ".join(re.sub(r"<[^>]*>", " ", re.sub(r"</?time[^>]*>", "", found)).split())


def foot(client: Client) -> str:
    html = client.get("/reports/").content.decode()
    found = re.search(r'<div class="pulse">.*?</div>', html, re.DOTALL)[0]
    return re.sub(r"</?time[^>]*>", "", found)


def beats(**minutes: float) -> None:
    """Each process was seen so many minutes ago, and the others never."""
    Heartbeat.objects.all().delete()
    for role, ago in minutes.items():
        at = timezone.now() - timedelta(minutes=ago)
        Heartbeat.objects.create(role=role, last_seen_at=at)


def test_the_head_says_when_the_mirror_was_last_whole_and_warns_when_that_is_overdue(viewer):
    assert "Never read in full" in head(viewer)
    figures.note_whole(timezone.now() - timedelta(minutes=3))
    assert "Mirror whole 3 min ago" in head(viewer)
    assert "Whole 3 min ago" in head(viewer), "where there is little room"
    figures.note_whole(timezone.now() - timedelta(hours=30))
    assert "Overdue: last whole 30 h ago" in head(viewer)


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (
            {"beat": 0, "sweep": 0, "worker": 3},
            "No sign of the worker for 3 min: what you confirm is recorded and carried out by"
            " the sweep, a little later.",
        ),
        (
            {"beat": 0, "worker": 3},
            "No sign of the worker and the sweep for 3 min: what you confirm is recorded, and"
            " nothing is carried out until one is back.",
        ),
        (
            {"worker": 0, "sweep": 0, "beat": 4},
            "No sign of beat for 4 min: what you confirm is carried out. Wix is read by itself"
            " again once beat is back.",
        ),
        (
            {"worker": 0, "beat": 0, "sweep": 4},
            "No sign of the sweep for 4 min: what you confirm is carried out, but nothing would"
            " go on with it if the worker or Redis failed.",
        ),
        (
            {},
            "No sign of the worker, beat and the sweep yet: what you confirm is recorded, and"
            " nothing is carried out until one is back. Wix is read by itself again once beat is"
            " back.",
        ),
    ],
)
def test_the_head_says_which_process_is_missing_and_what_that_means(viewer, seen, said):
    beats(**seen)

    assert said in head(viewer)


def test_a_process_is_missed_after_two_periods_and_not_before(viewer):
    period = heartbeats.PERIOD.total_seconds() / 60
    beats(worker=2 * period - 0.1, beat=0, sweep=0)
    assert "No sign" not in head(viewer)
    assert "Worker, beat and sweep answer" in foot(viewer)

    beats(worker=2 * period + 0.1, beat=0, sweep=0)

    assert "No sign of the worker for 1 min" in head(viewer)
    assert "No sign of worker for 1 min" in foot(viewer)


@pytest.mark.parametrize("sweep", ["there", "missing"])
def test_the_head_says_that_redis_does_not_answer_and_who_carries_on(viewer, settings, sweep):
    settings.REDIS_URL = f"redis://127.0.0.1:9/{sweep}"
    beats(worker=3, beat=3, **({"sweep": 0} if sweep == "there" else {}))

    if sweep == "there":
        words = "Redis does not answer: what you confirm is recorded and carried out by the sweep"
    else:
        words = "Redis does not answer, and there is no sign of the sweep for 3 min: what you"
        words += " confirm is recorded, and nothing is carried out until one is back."
    assert words in head(viewer)


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
