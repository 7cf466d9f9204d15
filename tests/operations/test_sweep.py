"""The sweep is what everything else is rescued by."""

import pytest
from django.core.management import call_command

from resellers.models import OperationState, SyncRun
from tests import worlds

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_reading_that_crashes_does_not_end_the_sweep():
    broken = SyncRun.objects.create(kind=SyncRun.Kind.PACKAGE, subject="package:none")

    call_command("sweep", "--once")

    broken.refresh_from_db()
    assert broken.state == SyncRun.State.FAILED
    assert "a fault of our own" in broken.error


def test_an_operation_of_a_kind_nobody_knows_comes_to_a_person_and_blocks_nothing():
    broken = worlds.operation(kind="external_id")

    call_command("sweep", "--once")

    broken.refresh_from_db()
    assert broken.state == OperationState.NEEDS_ATTENTION
    assert broken.outcome_code == "crashed"
