"""Whatever a person does, its entry in the trail says from where: every address that takes a form,
and every file that is taken away."""

import re

import pytest

from resellers.breaker import pause_writes
from resellers.models import (
    AuditEntry,
    ExportFile,
    SyncRun,
)
from tests import worlds
from tests.dashboard.every_form import HERE, filled, routes, ways_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# How one person sees lists, an examination of the machine: not audited. The way in and out has
# tests of its own: see tests/dashboard/signin.
UNAUDITED = re.compile(
    r"[\w-]+_(columns|density|dialect)|login|logout|account_(login|inactive)|mfa_\w+|reauthenticate|my_password|my_sessions?_end|link_use|password_forgotten|my_(theme|menu|tour)|notifications_read|live|doctor_page|api_\w+|site_domains"
)


@pytest.fixture
def person(admin):
    admin.defaults["REMOTE_ADDR"] = HERE
    return admin


@pytest.fixture
def ways(person):
    """By name of the address, a function that does there what it is for, well and wrongly."""
    return ways_of(person)


@pytest.mark.at_length
def test_every_entry_that_a_person_leaves_by_a_form_says_from_where(person, ways):
    first = AuditEntry.objects.count()
    silent, lost = [], []
    for name, do in ways:
        SyncRun.objects.all().delete()
        ExportFile.objects.all().delete()
        before = AuditEntry.objects.count()
        do()
        left = AuditEntry.objects.filter(seq__gt=before)
        if not left.filter(actor=person.user).exists():
            silent.append(name)
        lost += [
            (name, entry.event) for entry in left.filter(actor=person.user).exclude(address=HERE)
        ]

    assert silent == [], "nothing in the trail"
    assert lost == [], "in the trail without the address"
    assert AuditEntry.objects.filter(seq__gt=first, actor=None, address__isnull=False).count() == 0


def test_no_address_that_takes_a_form_is_left_out(person, ways):
    takes = {
        name
        for name, address in routes().items()
        if not UNAUDITED.fullmatch(name) and person.post(filled(address)).status_code != 405
    }

    assert takes == {name for name, _ in ways}


def test_who_takes_a_file_away_is_known_by_address_at_its_first_byte_and_at_its_last(person):
    worlds.instance(status="FAILED")
    exports = {name: a for name, a in routes().items() if a.endswith("export.csv")}

    for address in exports.values():
        answer = person.get(filled(address))
        assert answer.status_code == 200, address
        b"".join(answer.streaming_content)

    entries = AuditEntry.objects.all()
    assert entries.filter(address=HERE, actor=person.user).count() == entries.count()
    assert entries.count() == 2 * len(exports)


def test_what_the_system_does_next_has_nobodys_address(person):
    person.post("/mirror/sync/", {"kind": "full"})

    pause_writes("Wix does not accept the key.")

    assert AuditEntry.objects.get(event="breaker.opened").address is None
