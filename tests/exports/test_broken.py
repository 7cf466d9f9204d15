"""What stands otherwise on the disk than it was written is never given out, and it is said why."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings as configured

from resellers import retention
from resellers.exports import making
from resellers.models import ExportFile
from tests.dashboard.listing import fill
from tests.exporting import ask, body, made, on_disk

pytestmark = pytest.mark.django_db


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def change(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"!")


def add(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"!")


def lose_all(path: Path) -> None:
    shutil.rmtree(path.parent)


@pytest.mark.parametrize("spoil", [cut, change, add, Path.unlink, lose_all])
def test_what_stands_otherwise_on_the_disk_is_not_given_out(viewer, spoil):
    fill(3)
    export = made(ask(viewer))
    spoil(on_disk()[0])

    answer = viewer.get(f"/exports/{export.pk}/file.csv")

    assert answer.status_code == 410
    assert "is not what was written" in answer.content.decode()
    assert ExportFile.objects.get().state == "failed"
    assert on_disk() == [] if Path(configured.EXPORTS_DIR).exists() else True
    assert viewer.get(f"/exports/{export.pk}/manifest.json").status_code == 404


def test_a_folder_that_cannot_be_read_is_said_and_the_file_is_there_once_it_can(viewer):
    fill(3)
    export = made(ask(viewer))
    folder, address = Path(configured.EXPORTS_DIR), f"/exports/{export.pk}/file.csv"
    folder.rename(folder.with_name("away"))
    folder.write_text("in its place")

    refused = viewer.get(address)
    folder.unlink()
    folder.with_name("away").rename(folder)

    assert refused.status_code == 503
    assert "Its folder cannot be read: File exists" in refused.content.decode()
    assert body(viewer.get(address)).count(b"\r\n") == 4


def test_with_its_folder_gone_a_file_can_be_removed_and_goes_with_its_age(viewer):
    fill(1)
    removed, old = made(ask(viewer)), made(ask(viewer))
    ExportFile.objects.filter(pk=old.pk).update(finished_at="2001-01-01T00:00Z")
    shutil.rmtree(configured.EXPORTS_DIR)
    Path(configured.EXPORTS_DIR).write_text("in its place")

    assert viewer.post(f"/exports/{removed.pk}/remove/").status_code == 302
    assert retention.remove_old("EXPORTS")

    assert not ExportFile.objects.exists()


def test_a_disk_that_is_full_fails_it_in_words_and_nothing_of_it_is_offered(viewer):
    fill(3)
    export = ask(viewer)
    folder = Path(configured.EXPORTS_DIR)
    folder.mkdir()
    (folder / f"{export.request_id.hex}-1.csv").symlink_to("/dev/full")

    made(export)

    assert export.state == "failed"
    assert "No space left on device" in export.trouble
    assert on_disk() == []
    assert viewer.get(f"/exports/{export.pk}/file.csv").status_code == 410


def test_a_folder_that_is_lost_while_it_is_written_fails_it_and_the_next_one_is_made(
    viewer, monkeypatch
):
    fill(5)
    export = ask(viewer)
    lose = {"export-noted": lambda: shutil.rmtree(configured.EXPORTS_DIR)}
    monkeypatch.setattr(making.failpoints, "at", lambda name: lose.pop(name, lambda: None)())

    made(export)

    assert export.state == "failed"
    assert "is not what was written" in export.trouble
    assert made(ask(viewer)).state == "ready"
