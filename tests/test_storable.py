"""Text from outside is kept whole, but for what no database holds."""

import pytest

from resellers.models import Account
from resellers.storable import storable

HOSTILE = "a\0b\ud83dc 😀"


def test_what_cannot_be_stored_is_replaced_at_any_depth():
    given = {"k\0": [HOSTILE, {"deep": [HOSTILE]}], "number": 1.5, "none": None}

    clean = "a\ufffdb\ufffdc 😀"
    assert storable(given) == {
        "k\ufffd": [clean, {"deep": [clean]}],
        "number": 1.5,
        "none": None,
    }


@pytest.mark.django_db
def test_what_was_made_storable_reads_back_as_it_was_written():
    Account.objects.create(pk="0a0a0a0a-0000-4000-8000-00000000000a", name=storable(HOSTILE))

    assert Account.objects.get().name == storable(HOSTILE)
