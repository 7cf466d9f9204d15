"""Asking for readings of Wix: each is a row, and a worker is woken for it."""

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction

from resellers import audit
from resellers.constraints import violates
from resellers.models import Account, Package, SyncRun
from resellers.wake import wake

if TYPE_CHECKING:
    from django.contrib.auth.models import User

WANT_TRIES = 5  # where one reading after another ends as the next is wanted


def want(
    kind: SyncRun.Kind | str,
    *,
    account: Account | None = None,
    package: Package | None = None,
    by: "User | None" = None,
) -> SyncRun:
    """Record that this shall be read, wake a worker on commit, and return the run.

    Where the same is wanted or being read already, that run is returned.
    """
    kind = SyncRun.Kind(kind)
    about = package or account
    return _want(
        by,
        {"subject": f"{kind}:{about.pk}" if about else str(kind)},
        kind=kind,
        account=package.account if package else account,
        package=package,
    )


def want_chosen(package_ids: Iterable[UUID], *, by: "User | None" = None) -> SyncRun:
    """Record that these packages shall be read, a hundred a call, as `want` does.

    Those that Wix leaves out of its answer are asked for by Get, one a call.
    """
    ids = sorted({str(id_) for id_ in package_ids})
    digest = hashlib.sha256(",".join(ids).encode()).hexdigest()[:40]
    return _want(
        by,
        {"subject": f"{SyncRun.Kind.CHOSEN}:{digest}", "packages": ids},
        kind=SyncRun.Kind.CHOSEN,
        position={"ids": ids},
        packages_expected=len(ids),
    )


def _want(
    by: "User | None", body: dict[str, Any], *, tries: int = WANT_TRIES, **values: Any
) -> SyncRun:
    """`body` is what the audit trail says of it: the subject, and more."""
    subject = body["subject"]
    try:
        with transaction.atomic():
            run = SyncRun.objects.create(subject=subject, requested_by=by, **values)
            if by:
                audit.record("sync.wanted", by=by, account_id=run.account_id, body=body)
    except IntegrityError as error:
        if not violates(error, "one_open_sync_run_per_subject"):
            raise
        if open_run := SyncRun.objects.open().filter(subject=subject).first():
            return open_run
        if tries <= 1:
            raise
        # It has ended between the two statements: then there is room for a new one.
        return _want(by, body, tries=tries - 1, **values)
    wake("resellers.run_sync", run.pk)
    return run


def stop(run: SyncRun, *, by: "User") -> None:
    """Ask an open run to end before its next call."""
    SyncRun.objects.open().filter(pk=run.pk).update(stop_wanted=True)
    audit.record("sync.stopped", by=by, body={"subject": run.subject, "run": run.pk})
