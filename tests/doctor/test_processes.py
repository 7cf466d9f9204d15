"""`manage.py doctor` as a process of its own: with much missing, and beside other processes."""

import pytest

from resellers.models import Heartbeat
from tests import environment, processes
from tests.doctor.report import PARTS, in_a_process
from tests.environment import PRODUCTION

pytestmark = pytest.mark.standalone

KEY = "a-key-nobody-may-read-4711"


def test_with_everything_down_it_says_so_and_shows_neither_key_nor_traceback():
    report = in_a_process(
        environment.of_process(
            PRODUCTION,
            DATABASE_URL="postgres://desk:hush-hush@127.0.0.1:9/none",
            REDIS_URL="redis://:hush-hush@127.0.0.1:9/0",
            WIX_API_KEY=KEY,
        )
    )

    assert report.status == 1
    assert report.wrong == ["Database", "Broker", "Wix"]
    assert list(report.of) == PARTS
    assert "not kept" in report.output
    for hidden in (KEY, "hush-hush", PRODUCTION["SECRET_KEY"], "Traceback"):
        assert hidden not in report.output


@pytest.mark.at_length
def test_with_nothing_set_it_names_what_is_missing_and_makes_no_database(tmp_path):
    file = tmp_path / "none.sqlite3"
    bare = dict.fromkeys(("SECRET_KEY", "WIX_API_KEY", "WIX_ACCOUNT_ID", "ALLOWED_HOSTS"), "")

    report = in_a_process(
        environment.of_process(PRODUCTION, **bare, DATABASE_URL=f"sqlite:///{file}")
    )

    assert report.status == 1
    assert all(name in report.of["Settings"].words for name in bare)
    assert "manage.py migrate" in report.of["Database"].next_step
    assert report.of["Wix"].verdict == "note"
    assert "Traceback" not in report.output
    assert not file.exists()


@pytest.mark.at_length
def test_with_a_database_without_tables_it_says_what_to_run(tmp_path):
    file = tmp_path / "empty.sqlite3"
    file.touch()

    report = in_a_process(environment.of_process(PRODUCTION, DATABASE_URL=f"sqlite:///{file}"))

    assert report.status == 1
    assert "migrations are not applied" in report.of["Database"].words
    assert "manage.py migrate" in report.of["Database"].next_step
    assert report.of["Mirror"].verdict == "not tried"
    assert "Traceback" not in report.output


@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_a_worker_is_told_from_a_beat_that_is_dead(sandbox, redis_url):
    env = processes.environment(redis_url)
    with processes.process(*processes.WORKER, env=env):
        processes.wait_until(
            lambda: Heartbeat.objects.filter(role="worker").exists(), "a worker shows itself"
        )
        report = in_a_process(env)

    assert "Seen" in report.of["Worker"].words
    assert report.of["Beat"].verdict == "WRONG"
    assert report.of["Broker"].verdict == "ok"


@pytest.mark.at_length
@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_a_beat_is_told_from_a_worker_that_is_dead(sandbox, redis_url, tmp_path):
    env = processes.environment(redis_url)
    with processes.process(*processes.BEAT, str(tmp_path / "schedule"), env=env):
        processes.wait_until(
            lambda: Heartbeat.objects.filter(role="beat").exists(), "beat shows itself"
        )
        report = in_a_process(env)

    assert report.of["Beat"].verdict == "ok"
    assert report.of["Worker"].verdict == "WRONG"
