"""Wix's key is replaced while work goes on: nothing is started again, and nothing is lost."""

import logging

import pytest
import redis
from django.apps import apps

from resellers import breaker, connection, policy
from resellers.models import AuditEntry, OperationState
from resellers.wix.api_key import fingerprint_of
from tests import practice

pytestmark = pytest.mark.django_db
NEW = "IST.the-new-key-that-nobody-may-see"


@pytest.fixture
def key_file(sandbox, settings, tmp_path, monkeypatch):
    """A file that holds the sandbox's key, as the settings name it."""
    monkeypatch.setattr(connection, "_key_file", connection._KeyFile())
    file = tmp_path / "wix-key"
    file.write_text(f"{sandbox.api_key}\n")
    settings.WIX_API_KEY_FILE = str(file)
    return file


def test_a_key_revoked_between_two_calls_costs_no_operation_and_no_restart(
    key_file, mirror, ask, run_due, meanwhile
):
    instance, target = mirror.movable()
    operation = ask("reassign", instance, site_id=target.pk)
    old = mirror.sandbox.api_key
    breaker.note_key()

    def replaced():
        key_file.write_text(NEW)
        mirror.sandbox.world.api_key = NEW

    meanwhile("assign", replaced)
    run_due()

    operation.refresh_from_db()
    assert operation.state == OperationState.SUCCEEDED
    assert practice.applied(mirror.sandbox) == ["unassign", "assign"]
    assert not policy.writes_are_paused()
    breaker.note_key()
    breaker.note_key()
    noted = AuditEntry.objects.filter(event="key.changed").order_by("seq")
    fingerprints = [fingerprint_of(key) for key in (old, NEW)]
    assert [entry.body["key"] for entry in noted] == fingerprints


def test_a_file_without_a_key_changes_nothing_and_says_so(key_file, caplog):
    key = connection.api_key()
    for content in ("", "two words", "$KEY", "two\nlines"):
        key_file.write_text(content)
        assert connection.api_key() == key
    key_file.unlink()
    assert connection.api_key() == key
    assert "holds no key" in caplog.text
    assert "cannot be read" in caplog.text

    key_file.write_text(f"{NEW}\n")
    assert connection.api_key() == NEW


def test_no_table_log_page_or_redis_holds_a_key(
    key_file, mirror, ask, run_due, meanwhile, settings, redis_url, admin, caplog
):
    settings.REDIS_URL = redis_url
    keys = [mirror.sandbox.api_key, NEW]
    instance, target = mirror.movable()
    ask("reassign", instance, site_id=target.pk)

    def refused():
        key_file.write_text(NEW)

    meanwhile("assign", refused)
    with caplog.at_level(logging.DEBUG):
        run_due()
        breaker.pause_writes(f"Wix refused {connection.key_fingerprint()}")
        pages = [admin.get(path) for path in ("/", "/doctor/", "/policy/", "/audit/", "/mirror/")]
        pages.append(admin.get(f"/instances/{instance.pk}/"))
        pages.append(admin.get("/operations/export.csv"))
    held = [str(row) for m in apps.get_models() for row in m._base_manager.values_list()]
    with redis.Redis.from_url(redis_url) as server:
        held += [f"{name}: {server.dump(name)}" for name in server.scan_iter()]
    held += [(b"".join(page) if page.streaming else page.content).decode() for page in pages]

    assert len(held) > 200
    assert not [text for text in [*held, caplog.text] for key in keys if key in text]
