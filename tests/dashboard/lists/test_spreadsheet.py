"""What a spreadsheet makes of our files: text stays text, in every text column of every list."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from resellers import cases
from resellers.models import AuditEntry, AuditHead, Case, CaseEvent, Note, SyncRun
from tests import reordering, servers, worlds
from tests.dashboard.listing import EVERY_LIST

pytestmark = [pytest.mark.django_db, pytest.mark.once]

TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Short, since some columns are: a formula where nothing is done about it, and a mere number.
PAYLOADS = ("1+1", "5", "A1")
# What holds no text of Wix, of customers or of staff.
TYPED = re.compile(
    r".*_(id|utc|local)|is_main|packages|services|sites|published|premium|blocked|domain_connected"
    r"|cycle_count|kind|state|packages_seen|packages_expected|sites_seen|rows_changed|rejected"
    r"|pages|calls|seq|address|session|hash|previous_hash|review_state|cause|closed_because"
)
ALWAYS_FAILED = {("failures", "status"), ("failures-failed-services", "status")}

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
# Comma, double quote, UTF-8: what the import's dialogue would be told by hand.
SAID_BY_HAND = "CSV:44,34,76,1"
PATIENCE = 120

Cell = tuple[str, str, str]  # type, text, formula


def fill_every_text_with(wild: str) -> None:
    """A row in every list, with this in every text column."""
    person = User.objects.create(username=wild)
    account = worlds.account(wild, email=wild, group=wild, reference=wild, looked_after_by=person)
    package = worlds.package(account, external_id=wild)
    common = {
        "on": worlds.site(account, display_name=wild, url=wild),
        "product": worlds.product(wild, service_type=wild),
        "failure_code": wild,
        "failure_message": wild,
        "country_code": wild,
        "discount_code": wild,
        "billing_type": wild,
        "cycle_unit": wild,
    }
    service = worlds.instance(package, status=wild, **common)
    failed = worlds.instance(package, status="FAILED", **common)
    for one in (service, failed):
        Note.objects.create(
            subject=f"instance:{one.pk}",
            account=account,
            instance=one,
            text=wild,
            by=person,
            is_pinned=True,
        )
    reordering.order(failed, name=wild, requested_by=person)
    worlds.operation(
        service,
        by=person,
        plan={"rows": [["site", "Site", wild, wild]]},
        state="failed",
        reason=wild,
        outcome_code=wild,
        outcome=wild,
        wix_request_id=wild,
        settled_by=person,
        settled_note=wild,
    )
    SyncRun.objects.create(
        kind="full",
        state="failed",
        subject=f"full:{worlds.new_id()}",
        requested_by=person,
        error_code=wild,
        error=wild,
        wix_request_id=wild,
    )
    cases.keep_services([failed.pk])
    Case.objects.filter(instance=failed).update(owner=person)
    CaseEvent.objects.create(case=Case.objects.get(instance=failed), kind="note", words=wild)
    head, _ = AuditHead.objects.get_or_create(pk=1)
    entry = AuditEntry.objects.create(
        seq=head.seq + 1,
        at=timezone.now(),
        event=wild,
        actor=person,
        actor_name=wild,
        account_id=account.pk,
        instance_id=service.pk,
        body=[wild],
        previous_hash="f" * 64,
        hash="f" * 64,
    )
    AuditHead.objects.filter(pk=1).update(seq=entry.seq, hash=entry.hash)


def opened(*files: Path) -> dict[str, list[list[Cell]]]:
    """The files as LibreOffice has them once they are opened, row by row, by the file's stem."""
    folder = files[0].parent
    program = servers.libreoffice_program()
    assert program
    subprocess.run(
        [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            f"--infilter={SAID_BY_HAND}",
            "--convert-to",
            "fods",
            "--outdir",
            folder,
            *files,
        ],
        check=True,
        timeout=PATIENCE,
        capture_output=True,
    )
    return {file.stem: list(_rows(file.with_suffix(".fods"))) for file in files}


def _rows(file: Path) -> Iterator[list[Cell]]:
    for row in ElementTree.parse(file).iter(f"{TABLE}table-row"):
        cells: list[Cell] = []
        for cell in row.iter(f"{TABLE}table-cell"):
            lines = [_line(line) for line in cell.iter(f"{TEXT}p")]
            content = (
                cell.get(f"{OFFICE}value-type", ""),
                "\n".join(lines),
                cell.get(f"{TABLE}formula", ""),
            )
            cells += [content] * int(cell.get(f"{TABLE}number-columns-repeated", "1"))
        if any(text for _, text, _ in cells):
            yield cells


def _line(line: ElementTree.Element) -> str:
    words = line.text or ""
    for part in line:
        if part.tag == f"{TEXT}tab":
            words += "\t"
        elif part.tag == f"{TEXT}s":
            words += " " * int(part.get(f"{TEXT}c", "1"))
        else:
            words += _line(part)
        words += part.tail or ""
    return words


def plain(text: str) -> str:
    """The text with one sort of line break, since a spreadsheet knows no more."""
    return re.sub(r"\r\n?", "\n", text)


def test_the_probe_knows_a_formula_when_it_meets_one(tmp_path):
    servers.need("LibreOffice")
    file = tmp_path / "wild.csv"
    file.write_text("a,b,c\r\n=1+1,-5,'=1+1\r\n", encoding="utf-8-sig")

    [_, cells] = opened(file)["wild"]

    assert cells[0][2]
    assert cells[1][0] == "float"
    assert cells[2] == ("string", "'=1+1", "")


@pytest.mark.at_length
@pytest.mark.parametrize("profile", ["excel", "machine"])
def test_every_trigger_in_every_text_column_of_every_list_is_text(manager, tmp_path, profile):
    servers.need("LibreOffice")
    texts = [f"{trigger}{payload}" for trigger in TRIGGERS for payload in PAYLOADS]
    for wild in texts:
        fill_every_text_with(wild)
    files = []
    for path in EVERY_LIST:
        file = tmp_path / f"{path.strip('/').replace('/', '-')}.csv"
        file.write_bytes(manager.get(f"{path}export.csv?profile={profile}").getvalue())
        files.append(file)

    held = {plain(f"'{text}") for text in texts}
    for noun, (head, *rows) in opened(*files).items():
        names = [text for _, text, _ in head]
        assert len(rows) >= len(texts), noun
        assert not [cell for row in rows for cell in row if cell[2]], noun
        for place, name in enumerate(names):
            if TYPED.fullmatch(name) or (noun, name) in ALWAYS_FAILED:
                continue
            cells = [row[place] for row in rows if place < len(row) and row[place][1]]
            assert {kind for kind, _, _ in cells} == {"string"}, (noun, name)
            assert {text for _, text, _ in cells} >= held, (noun, name)
