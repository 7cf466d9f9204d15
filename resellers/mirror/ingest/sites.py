"""Sites as Wix gave them in, changed rows out."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from resellers import wix
from resellers.models import Account, Operation, Site, Unreadable
from resellers.models.querysets import PRESENT

from . import changes, rows
from .accounts import come_back
from .locks import in_turn, locked
from .standing import can_be_read, confirmed_since


@in_turn
def ingest_sites(account: Account, sites: Sequence[wix.Site], *, fetch_started_at: datetime) -> int:
    """Bring all of an account's sites into the mirror and return how many rows changed.

    Sites the mirror holds for this account that are not among them are marked gone.
    """
    listed = {UUID(site.id) for site in sites}
    _meet_owners(sites)
    came_back = come_back([account.pk] if sites else [], fetch_started_at=fetch_started_at)
    list(locked(Account, Q(pk=account.pk)))
    here = PRESENT & Q(account=account)
    held = list(locked(Site, Q(id__in=listed) | here))
    left = (
        site
        for site in held
        if site.id not in listed
        and site.account_id == account.pk
        and not confirmed_since(site, fetch_started_at)
    )
    gone = changes.gone(left, fetch_started_at)
    changed = note_sites(sites, fetch_started_at=fetch_started_at, account=account)
    changed += came_back + changes.write(gone, confirmed_at=fetch_started_at)
    can_be_read(Q(account=account, part=Unreadable.Part.SITES), fetch_started_at)
    checked = {"sites_checked_at": fetch_started_at}
    if sites or account.last_confirmed_at or account.packages.exists():
        # An empty answer alone shows nothing of an account: Wix may not know its id at all.
        checked["last_confirmed_at"] = fetch_started_at
    Account.objects.filter(pk=account.pk).update(**checked)
    return changed


@in_turn
def note_sites(
    sites: Sequence[wix.Site],
    *,
    fetch_started_at: datetime,
    account: Account | None = None,
    operation: Operation | None = None,
) -> int:
    """Bring these sites into the mirror, concluding nothing of others; returns rows changed.

    `account` is whose sites they are where Wix does not say it; such a site is else passed over.
    """
    batch = {UUID(site.id): site for site in sites if site.account_id or account}
    if not batch:
        return 0
    _meet_owners(sites)
    held = {site.id: site for site in locked(Site, Q(id__in=batch))}
    fresh = {
        site_id: site
        for site_id, site in batch.items()
        if not confirmed_since(held.get(site_id), fetch_started_at)
    }
    compared = (
        changes.compare(
            held.get(site_id),
            rows.site_row(site, account),
            rows.unparsed_columns(Site, site.unparsed),
        )
        for site_id, site in fresh.items()
    )
    differences = [difference for difference in compared if difference]
    changed = changes.write(differences, confirmed_at=fetch_started_at, operation=operation)
    Site.objects.filter(id__in=fresh).update(last_confirmed_at=fetch_started_at)
    return changed


def _meet_owners(sites: Sequence[wix.Site]) -> None:
    rows.make_missing(Account, {UUID(site.account_id) for site in sites if site.account_id})
