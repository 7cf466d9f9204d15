"""`manage.py doctor` as a process of its own: with much missing, and beside other processes."""

import subprocess
import sys

import psycopg
import pytest

from resellers.models import Heartbeat
from tests import environment, processes, servers
from tests.doctoring import PARTS, in_a_process
from tests.environment import PRODUCTION, ROOT

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


def test_with_a_database_without_tables_it_says_what_to_run(tmp_path):
    file = tmp_path / "empty.sqlite3"
    file.touch()

    report = in_a_process(environment.of_process(PRODUCTION, DATABASE_URL=f"sqlite:///{file}"))

    assert report.status == 1
    assert "migrations are not applied" in report.of["Database"].words
    assert "manage.py migrate" in report.of["Database"].next_step
    assert report.of["Mirror"].verdict == "not tried"
    assert "Traceback" not in report.output


def test_a_database_that_knows_only_ascii_letters_is_told_with_how_to_make_one(tmp_path):
    servers.need("PostgreSQL")
    server = servers.start_postgresql()
    with psycopg.connect(server.url, autocommit=True) as made:
        made.execute("CREATE DATABASE plain TEMPLATE template0 LOCALE 'C'")
    plain = server.url.removesuffix("postgres") + "plain"
    env = environment.of_process(PRODUCTION, DATABASE_URL=plain)
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(migrate, cwd=ROOT, env=env, check=True)

    finding = in_a_process(env).of["Database"]

    server.stop()
    assert finding.verdict == "note"
    assert "`šiaul` does not find Šiaulių" in finding.words
    assert "createdb --locale=C.UTF-8" in finding.next_step


@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_a_worker_is_told_from_a_beat_that_is_dead(sandbox, redis_url):
    env = processes.environment(redis_url)
    with processes.process(*processes.WORKER, env=env):
        processes.wait_until(
            lambda: in_a_process(env).of["Worker"].verdict == "ok", "a worker answers"
        )
        report = in_a_process(env)

    assert "Seen" in report.of["Worker"].words
    assert report.of["Beat"].verdict == "WRONG"
    assert report.of["Broker"].verdict == "ok"


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
