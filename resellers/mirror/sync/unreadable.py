"""What Wix does not let us read: it is noted on the record, and the reading goes on.

A refusal is of the record only where a harmless Query is answered: see resellers.throttling. What
gets no answer at all, or one that nobody can read, is of the record if that happens twice.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from resellers import throttling
from resellers.constraints import violates
from resellers.models import Account, Package, SyncRun, Unreadable
from resellers.refusals import explain
from resellers.storable import storable
from resellers.throttling import Meaning
from resellers.wix import NextMove, WixError, WixPaceTimeout, WixRateLimited

from .context import Standstill, SyncContext

Part = Unreadable.Part
THINGS = {
    Part.PACKAGE: "this package",
    Part.PACKAGES: "this customer's packages",
    Part.SITES: "this customer's sites",
}


def note(
    s: SyncContext,
    error: WixError | Standstill,
    part: Unreadable.Part,
    *,
    account: Account | None = None,
    package: Package | None = None,
) -> None:
    """Note that this part of Wix cannot be read, where that is what the error says.

    Raises the error where it says something else: of the key, of too many calls, of Wix as a whole.
    """
    of = package or account
    assert of is not None
    subject = f"{part}:{of.pk}"
    if isinstance(error, WixError) and not _is_of_the_thing(s, error, subject):
        raise error
    run = s.run
    refusal = _refusal_of(error)
    _keep(
        subject,
        {**refusal, "last_at": s.now()},
        part=part,
        account_id=package.account_id if package else of.pk,
        package=package,
    )
    run.refused += 1
    if run.kind in SyncRun.AWAITED and (part != Part.PACKAGE or not run.packages_seen):
        # A person waits for just this.
        words = explain(refusal["code"], refusal["status"], refusal["message"]).words
        if isinstance(error, Standstill):
            words = str(error)
        run.shortfall = {
            "error": f"Wix does not let us read {THINGS[part]}: {words}",
            "error_code": refusal["code"],
            "wix_request_id": refusal["wix_request_id"],
        }


def end(part: Unreadable.Part, account: Account, at: datetime) -> None:
    """Note that Wix lets us read this part of the account, if it did not before."""
    standing = Unreadable.objects.standing().filter(subject=f"{part}:{account.pk}")
    standing.update(ended_at=at)


def _keep(subject: str, refusal: dict[str, Any], **of: Any) -> None:
    standing = Unreadable.objects.standing().filter(subject=subject)
    if standing.update(**refusal):
        return
    try:
        with transaction.atomic():
            Unreadable.objects.create(subject=subject, since=refusal["last_at"], **refusal, **of)
    except IntegrityError as error:
        if not violates(error, "one_standing_refusal_to_read_per_subject"):
            raise
        standing.update(**refusal)


def _refusal_of(error: WixError | Standstill) -> dict[str, Any]:
    if isinstance(error, Standstill):
        return {"status": None, "code": "", "message": str(error), "wix_request_id": ""}
    return {
        "status": error.status,
        "code": storable(error.code or "")[:200],
        "message": storable(error.said),
        "wix_request_id": (error.request_id or "")[:200],
    }


def _is_of_the_thing(s: SyncContext, error: WixError, subject: str) -> bool:
    if isinstance(error, WixPaceTimeout | WixRateLimited):
        return False
    if error.next_move is NextMove.STOP:
        return throttling.judge(error, s.wix).meaning is Meaning.THING
    if s.run.position.get("stumbled_at") != subject:
        s.run.position = s.run.position | {"stumbled_at": subject}
        return False
    s.run.calls += 1
    try:
        s.wix.query_packages(limit=1)
    except WixError:
        return False  # Wix answers nobody
    return True
