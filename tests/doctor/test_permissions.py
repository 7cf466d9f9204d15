"""What the doctor says of the permissions of our key to write, from real answers alone."""

from django.utils import timezone

from resellers import formats
from resellers.models import (
    OperationAttempt,
)
from tests import practice, worlds
from tests.doctor.report import examined


def sent(kind: str, status: int, code: str = "") -> OperationAttempt:
    """A write that Wix answered so."""
    operation = worlds.operation(kind=kind, state="failed" if status == 403 else "succeeded")
    return OperationAttempt.objects.create(
        operation=operation, fence=1, step="assign", writes=True, status=status, code=code
    )


def test_a_permission_to_write_is_not_tried_before_the_first_write(healthy):
    report = examined()

    writes = ["Changes services", "Changes external ids", "Transfers sites", "Registers domains"]
    assert [report.of[part].verdict for part in writes] == ["not tried"] * 4
    assert all(call["effect"] == "none" for call in practice.journal(healthy))


def test_the_last_real_answer_to_a_write_tells_its_permission(healthy):
    sent("reassign", 403)
    sent("reassign", 200)
    sent("external_id", 200)
    sent("external_id", 403, "PERMISSION_DENIED")

    report = examined()

    today = formats.day(timezone.now())
    assert report.of["Changes services"].verdict == "ok"
    assert today in report.of["Changes services"].words
    assert report.wrong == ["Changes external ids"]
    assert today in report.of["Changes external ids"].words
    assert "Manage Reseller Packages" in report.of["Changes external ids"].next_step


def test_a_refusal_of_one_record_says_nothing_of_the_key(healthy):
    sent("transfer_site", 403, "SITE_TRANSFER_NOT_ALLOWED")

    assert examined().of["Transfers sites"].verdict == "not tried"
