"""What an audit entry's hash is made of is what is stored, also of entries of long ago."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resellers import audit
from resellers.canonical_json import canonical
from resellers.models import AuditEntry, AuditHead
from tests import worlds
from tests.tampering import breaks, tampered_with

pytestmark = [pytest.mark.django_db, pytest.mark.every_value]


# --- what is hashed is what is stored ------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "stored"),
    [
        (None, None),
        ("", None),
        ("x" * 300, None),
        ("192.0.2.1", "192.0.2.1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("2001:0db8:0:0:0:0:0:1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("::1.2.3.4", "::102:304"),
    ],
)
def test_an_address_is_kept_in_one_spelling_and_holds(address, stored):
    entry = audit.record("one", by=worlds.user(), address=address)

    assert entry.address == stored
    assert breaks() == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.ip_addresses().map(str))
def test_whatever_the_address_the_entry_holds(address):
    audit.record("one", address=address)

    assert breaks() == []


ODD = {
    "float": 0.1 + 0.2,
    "whole": 3.0,
    "minus nought": -0.0,
    "large": 1e22,
    "huge": 1.5e300,
    "tiny": 5e-324,
    "infinite": float("inf"),
    "no number": float("nan"),
    "long": 10**400,
    "beyond": 10**5000,
    "nul": "a\0b",
    "half a pair": "\ud83d",
    "moment": datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
    "naive": datetime(2026, 1, 2, 3, 4),  # noqa: DTZ001
    "day": date(2026, 1, 2),
    "id": UUID(int=7),
    "money": Decimal("1.10"),
    "several": ("b", "a", {"z": 1, "a": {2, 1}}),
    "bytes": b"\xff",
    "state": AuditEntry.objects.none,
    3: "a number as a key",
    10: "sorted otherwise as text",
    None: "nothing as a key",
    "k\0": "nul in a key",
    "\uffff": 1,
    "é": 2,
    "Z": 3,
}


def test_a_body_of_odd_things_reads_back_as_it_was_hashed():
    entry = audit.record("one", body=ODD)

    assert AuditEntry.objects.get().body == entry.body
    assert breaks() == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_whatever_the_body_it_reads_back_as_it_was_hashed(body):
    entry = audit.record("one", body=body)

    assert json.dumps(AuditEntry.objects.get(seq=entry.seq).body, sort_keys=True) == json.dumps(
        canonical(body), sort_keys=True
    )
    assert breaks() == []


# --- entries of the time when addresses were hashed as they came ----------------------------------


def written_once(address):
    """An entry hashed with its address as it came, and stored as the database writes it."""
    head = AuditHead.objects.get_or_create(pk=1)[0]
    entry = AuditEntry(
        seq=head.seq + 1,
        at=datetime(2026, 1, 2, tzinfo=UTC),
        event="export.taken",
        address=address,
        body={"rows": 1},
        previous_hash=head.hash,
    )
    entry.hash = audit.hash_of(entry, address)
    entry.save(force_insert=True)
    AuditHead.objects.update(seq=entry.seq, hash=entry.hash)
    return AuditEntry.objects.get(seq=entry.seq)


SPELLINGS = [
    (None, None),
    ("", None),
    ("192.0.2.1", "192.0.2.1"),
    ("2001:db8::1", "2001:db8::1"),
    ("2001:DB8::1", "2001:db8::1"),
    ("2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"),
    ("fe80::1%eth0", "fe80::1"),
    ("fe80::1%lo", "fe80::1"),
    ("FE80::1%3", "fe80::1"),
    ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
    ("::ffff:a00:1", "::ffff:10.0.0.1"),
    ("::FFFF:10.0.0.1", "::ffff:10.0.0.1"),
]


@pytest.mark.parametrize(("came", "stored"), SPELLINGS)
def test_an_entry_written_so_far_holds(came, stored):
    entry = written_once(came)
    audit.record("what was written since", by=worlds.user(), address="192.0.2.3")

    assert entry.address == stored
    assert breaks() == []


OTHERS = ["192.0.2.9", "2001:db8::2", "fe80::2", "::ffff:10.0.0.2", "10.0.0.1", None]


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize(("came", "stored"), SPELLINGS)
def test_another_address_in_its_place_is_found(came, stored, other):
    written_once(came)
    if stored == other:
        other = "192.0.2.10"

    tampered_with(seq=1, address=other)

    assert breaks() == [(1, "entry 1 was changed")]


@pytest.mark.parametrize("other", OTHERS)
def test_another_address_in_an_entry_of_today_is_found(other):
    audit.record("one", by=worlds.user(), address="198.51.100.1")

    tampered_with(seq=1, address=other)

    assert breaks() == [(1, "entry 1 was changed")]
