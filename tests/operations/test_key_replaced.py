"""Wix's key is replaced while work goes on: nothing is started again, and nothing is lost."""

import logging

import pytest
import redis
import requests
from django.apps import apps

from resellers import breaker, connection, policy, throttling
from resellers.mirror import sync
from resellers.mirror.sync import runs
from resellers.models import AuditEntry, Operation, OperationState, SyncRun
from resellers.operations.engine import failpoints
from resellers.operations.plan import make_plan
from resellers.operations.site_wishes import ReassignWish
from resellers.wix import WixAuthError, WixRefused
from resellers.wix.api_key import fingerprint_of
from tests import practice
from tests.dashboard.submitting import text
from tests.operations.four_services import two_packages

pytestmark = pytest.mark.django_db
NEW = "IST.the-new-key-that-nobody-may-see"


def another_site(service):
    """Another site that can take the service."""
    sites = service.account.sites.exclude(pk=service.site_id).order_by("pk")
    return next(one for one in sites if make_plan(service, ReassignWish(one.pk)).possible)


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
        mirror.sandbox.world.keys = [NEW]

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
    assert not AuditEntry.objects.filter(event="breaker.opened").exists()


def test_the_drill_with_two_keys_loses_no_operation_and_no_reading(
    key_file, mirror, ask, run_due, admin, monkeypatch
):
    """Made, in the file, revoked, as the pages of Wix and of this site have it, amid the work."""
    services = two_packages()
    operations = [
        ask("reassign", one, site_id=another_site(one).pk) if place % 2 else ask("unassign", one)
        for place, one in enumerate(services)
    ]
    reading = sync.want(SyncRun.Kind.FULL)
    keys, changed = [mirror.sandbox.api_key], []
    control = f"{mirror.sandbox.url}/_sandbox/keys"

    def make():
        answer = requests.post(control, json={"make": True}, timeout=10)
        keys[:] = answer.json()["keys"]

    def put():
        key_file.write_text(f"{keys[-1]}\n")

    def revoke():
        requests.post(control, json={"revoke_older": True}, timeout=10)

    stages = [make, None, put, None, revoke]
    usual, usual_step = failpoints.at, runs._step

    def at(name, of_step=""):
        if name == "sending" and stages and (stage := stages.pop(0)):
            changed.append((stage.__name__, of_step))
            stage()
        usual(name, of_step)

    def step(context, phase):
        if not changed:  # the whole drill takes place while one client reads
            run_due_operations()
            assert [name for name, _ in changed] == ["make", "put", "revoke"]
        return usual_step(context, phase)

    def run_due_operations():
        with monkeypatch.context() as within:
            within.setattr(sync, "due", list)
            run_due(until=lambda: not Operation.objects.under_way().exists())

    monkeypatch.setattr(failpoints, "at", at)
    monkeypatch.setattr(runs, "_step", step)
    breaker.note_key()
    sync.run(reading.pk)
    reading.refresh_from_db()
    assert reading.is_open
    assert "goes on with the new one" in reading.error
    run_due()

    reading.refresh_from_db()
    assert reading.state == SyncRun.State.SUCCEEDED
    states = {one.state for one in Operation.objects.filter(pk__in=[one.pk for one in operations])}
    assert states == {OperationState.SUCCEEDED}
    assert sorted(practice.applied(mirror.sandbox)) == ["assign"] * 2 + ["unassign"] * 4
    assert not AuditEntry.objects.filter(event="breaker.opened").exists()
    breaker.note_key()
    now = fingerprint_of(keys[-1])
    assert connection.key_fingerprint() == now != fingerprint_of(keys[0])
    assert f"with the key {now} from now on" in text(admin.get("/audit/?kind=key.changed"))
    assert f"Wix is asked with the key of fingerprint {now}" in text(admin.get("/doctor/"))


@pytest.mark.parametrize("refusal", [WixAuthError("no", status=401), WixRefused("no", status=403)])
def test_what_was_refused_with_the_key_from_before_stops_nothing(key_file, mirror, refusal):
    with connection.wix_client("people") as client:
        key_file.write_text(NEW)

        assert throttling.judge(refusal, client).meaning is throttling.Meaning.REPLACED

    assert not policy.current().writes_paused
    assert not AuditEntry.objects.filter(event="breaker.opened").exists()


def test_a_key_replaced_in_the_moment_of_its_refusal_pauses_nothing(key_file):
    refused = connection.key_fingerprint()
    key_file.write_text(NEW)

    breaker.pause_writes("Wix does not accept the key.", key=refused)

    assert not policy.writes_are_paused()


def test_a_key_refused_once_more_is_told_once_and_since_the_first_time(key_file):
    breaker.pause_writes("Wix does not accept the key.")
    first = policy.current()

    breaker.pause_writes("Wix refuses even a harmless reading.")

    now = policy.current()
    assert (now.paused_at, now.paused_reason) == (first.paused_at, first.paused_reason)
    assert AuditEntry.objects.filter(event="breaker.opened").count() == 1


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
