"""Customers who left the agency at Wix, with all they had there, and who come back."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from resellers.models import (
    Account,
    Change,
    Package,
    ProductInstance,
    Site,
    Unreadable,
)
from resellers.models.querysets import PRESENT

from . import changes
from .locks import busy, in_turn, locked


@in_turn
def mark_account_gone(account: Account, *, fetch_started_at: datetime) -> int:
    """Mark an account gone with its sites, packages and services, and return how many rows changed.

    None, where it is gone already, or where a call about one of its packages may be on its way.
    """
    here = PRESENT & Q(account=account)
    if not locked(Account, PRESENT & Q(pk=account.pk)):
        return 0
    sites, packages = list(locked(Site, here)), list(locked(Package, here))
    if busy(package.pk for package in packages):
        return 0
    services = list(locked(ProductInstance, here))
    gone = changes.gone([*sites, *packages, *services], fetch_started_at)
    changed = changes.write(gone, confirmed_at=fetch_started_at)
    Account.objects.filter(pk=account.pk).update(gone_at=fetch_started_at, missing_since=None)
    gone_at = changes.text(fetch_started_at)
    Change.objects.create(account=account, field="gone_at", new=gone_at, at=fetch_started_at)
    Unreadable.objects.standing().filter(account=account).update(ended_at=fetch_started_at)
    return changed + 1


def come_back(ids: Iterable[UUID], *, fetch_started_at: datetime) -> int:
    """Have these accounts no longer be gone, since Wix shows them; returns how many were."""
    with transaction.atomic():
        gone = Q(id__in=set(ids), gone_at__lt=fetch_started_at)
        held = list(locked(Account, gone))
        if not held:
            return 0
        Account.objects.filter(pk__in=[account.pk for account in held]).update(gone_at=None)
        Change.objects.bulk_create(
            Change(
                account=account,
                field="gone_at",
                old=changes.text(account.gone_at),
                at=fetch_started_at,
            )
            for account in held
        )
    return len(held)
