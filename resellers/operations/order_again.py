"""What orders a failed service once more, as it was meant the first time."""

import secrets
from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from resellers.models import Change, ProductInstance, Site
from resellers.wix_ids import as_wix_id

from .order_lines import LineWish


def new_external_id() -> str:
    """An external id for an order, which nobody has."""
    return f"ord-{timezone.now():%Y%m%d}-{secrets.token_hex(4)}"


def lines_again_of(failed: Sequence[ProductInstance]) -> dict[UUID, LineWish]:
    """The line that orders each of them anew: the same product, site and cycle; two queries."""
    sites = _last_sites([one for one in failed if one.site_id is None])
    return {
        one.pk: LineWish(
            product_id=one.product_id,
            site_id=one.site_id or sites.get(one.pk),
            cycle=one.cycle,
            country=one.country_code,
            discount_code=one.discount_code,
            again_of=one.pk,
        )
        for one in failed
    }


def _last_sites(failed: Sequence[ProductInstance]) -> dict[UUID, UUID]:
    """The site that each stood on or was meant for, where it can be used: Wix shows none of what
    has failed."""
    if not failed:
        return {}
    moves = Change.objects.filter(instance__in=failed, field="site").exclude(old="")
    last = {
        instance_id: as_wix_id(old)
        for instance_id, old in moves.order_by("at").values_list("instance", "old")
    }
    usable = Site.objects.usable().filter(pk__in={site for site in last.values() if site})
    accounts = dict(usable.values_list("pk", "account"))
    return {
        one.pk: site
        for one in failed
        if (site := last.get(one.pk)) and accounts.get(site) == one.account_id
    }
