"""Files made in the background end whole, wherever their process is lost, or are not offered."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver
from django.utils import timezone

from resellers import exports, scopes
from resellers.exports import making, storage
from resellers.models import AuditEntry, Notice, ProductInstance
from tests import processes, worlds
from tests.exporting import Killed, again, ask, body, direct, made, on_disk
from tests.one_of_everything import one_of_everything

pytestmark = pytest.mark.django_db

ROWS = 10


@pytest.fixture
def services():
    package = worlds.package(worlds.account("=North, Bakery"))
    now = timezone.now()
    return [
        worlds.instance(
            package, created_at=now - timedelta(days=day), failure_message=f"no {day}\n-1"
        )
        for day in range(ROWS)
    ]


def at(monkeypatch, do):
    """Have `do(name)` called wherever a process can be lost."""
    monkeypatch.setattr(making.failpoints, "at", lambda name, step="": do(name))


def test_who_wakes_after_another_went_on_writes_nothing_into_its_file(
    viewer, services, monkeypatch
):
    export = ask(viewer)

    def freeze(name):
        if name == "export-written" and freeze.once:
            freeze.once = False
            again(export)
            made(export)

    freeze.once = True
    at(monkeypatch, freeze)
    made(export)

    assert export.state == "ready"
    assert [path.name for path in on_disk()] == [export.stored_as]
    assert body(viewer.get(f"/exports/{export.pk}/file.csv")) == direct(viewer)


def test_what_was_whole_and_is_gone_from_the_disk_is_written_anew(viewer, services, monkeypatch):
    export = ask(viewer)

    def lose(name):
        if name == "export-noted" and lose.once:
            lose.once = False
            raise Killed

    lose.once = True
    at(monkeypatch, lose)
    with pytest.raises(Killed):
        made(export)
    export.refresh_from_db()
    (Path(settings.EXPORTS_DIR) / export.stored_as).write_bytes(b"half")
    again(export)

    assert made(export).state == "ready"
    assert body(viewer.get(f"/exports/{export.pk}/file.csv")) == direct(viewer)


def test_one_that_takes_long_goes_on_in_turns(viewer, services):
    export = ask(viewer)
    for _ in range(20):
        exports.run(export.pk, seconds=0)
    export.refresh_from_db()
    assert (export.state, export.rows_written) == ("running", 0)

    assert made(export).rows_written == ROWS


def test_a_row_that_cannot_be_read_any_more_fails_it_in_words_and_nothing_is_offered(
    viewer, services, monkeypatch
):
    export = ask(viewer)
    at(monkeypatch, lambda name: _remove_last() if name == "export-noted" else None)

    made(export)

    assert export.state == "failed"
    assert "10 rows were to be written, and 1 of them could not be read" in export.trouble
    assert on_disk() == []
    page = viewer.get(f"/exports/{export.pk}/")
    assert export.trouble in page.content.decode()
    assert viewer.get(f"/exports/{export.pk}/file.csv").status_code == 410
    assert AuditEntry.objects.filter(event="export.failed").exists()
    assert Notice.objects.get(export=export).person_id == export.by_id


def _remove_last():
    ProductInstance.objects.order_by("created_at").filter(failure_message="no 9\n-1").delete()


def test_a_row_that_leaves_the_list_meanwhile_is_in_the_file_all_the_same(
    viewer, services, monkeypatch
):
    export, before = ask(viewer, query="status=ENABLED"), direct(viewer)
    last = ProductInstance.objects.order_by("created_at")[:1].values("pk")
    moved = ProductInstance.objects.filter(pk__in=last)
    at(
        monkeypatch,
        lambda name: moved.update(status="FAILED") if name == "export-fixed" else None,
    )

    made(export)

    assert export.state == "ready", export.trouble
    written = body(viewer.get(f"/exports/{export.pk}/file.csv"))
    assert written.count(b"\r\n") == before.count(b"\r\n") == ROWS + 1
    assert written.count(b"FAILED") == 1


def test_a_folder_that_takes_no_files_fails_it_in_words(viewer, services, settings, tmp_path):
    (tmp_path / "file").write_text("in the way")
    export = ask(viewer)
    settings.EXPORTS_DIR = str(tmp_path / "file")

    made(export)

    assert export.state == "failed"
    assert "could not be written to" in export.trouble


def test_who_is_limited_or_loses_the_right_before_it_is_made_gets_none(viewer, admin, services):
    export = ask(viewer)
    scopes.limit(viewer.user, ["Food"], by=admin.user)

    assert made(export).state == "failed"
    assert "Which customers you may see was changed" in export.trouble

    export = ask(viewer)
    viewer.user.is_active = False
    viewer.user.save()
    assert made(export).state == "failed"
    assert "may not take this list away" in export.trouble


def test_every_list_is_made_as_its_page_exports_it(admin):
    one_of_everything(admin.user)
    lists = [
        pattern.default_args["list_"]
        for pattern in _patterns(get_resolver())
        if (pattern.name or "").endswith("_background")
    ]
    assert len(lists) > 10
    for list_ in lists:
        if list_.noun == "audit":
            continue  # asking adds rows to it
        for profile in ("machine", "excel"):
            expected = direct(admin, list_.address, f"profile={profile}")
            export = made(ask(admin, list_.address, profile=profile))
            assert export.state == "ready", (list_.noun, export.trouble)
            written = body(admin.get(f"/exports/{export.pk}/file.csv"))
            assert written == expected, list_.noun
            assert export.rows_written == export.rows_expected


def _patterns(resolver):
    for one in resolver.url_patterns:
        yield from _patterns(one) if hasattr(one, "url_patterns") else [one]


def test_what_no_row_names_is_removed_once_it_is_old(viewer, services):
    kept = made(ask(viewer))
    stray, young = storage.folder() / "stray.csv", storage.folder() / "young.csv"
    for path in (stray, young):
        path.write_bytes(b"x")
    long_ago = time.time() - storage.STRAY_SECONDS - 60
    for path in (stray, storage.folder() / kept.stored_as):
        os.utime(path, (long_ago, long_ago))

    exports.remove_strays()

    assert {path.name for path in on_disk()} == {kept.stored_as, young.name}


@pytest.mark.at_length
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_midst_is_followed_by_another(viewer, services, tmp_path, settings):
    export, marker = ask(viewer), tmp_path / "marker"
    env = processes.environment("", LEASE_SECONDS=2, SWEEP_SECONDS=1, EXPORT_ROWS=3)
    env |= {"EXPORTS_DIR": settings.EXPORTS_DIR, "DEBUG": "1"}
    dying = {"ENGINE_FAILPOINT": f"export-written#2=kill@{marker}"}

    with processes.process(*processes.SWEEP, env=env | dying) as sweep:
        processes.wait_until(marker.exists, "it is killed with its second chunk on the disk")
        sweep.wait()
    export.refresh_from_db()
    assert (export.state, export.rows_written) == ("running", 3)
    with processes.process(*processes.SWEEP, env=env):
        processes.wait_until(lambda: _is_over(export), "another has made it")

    assert export.state == "ready", export.trouble
    assert body(viewer.get(f"/exports/{export.pk}/file.csv")) == direct(viewer)


def _is_over(export):
    export.refresh_from_db()
    return not export.is_unfinished
