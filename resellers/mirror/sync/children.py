"""The list of the agency's customers, by which a reading learns their account ids."""

from uuid import UUID

from django.conf import settings
from django.db.models import Q

from resellers.mirror.ingest import rows
from resellers.mirror.ingest.accounts import come_back
from resellers.models import Account
from resellers.transactions import briefly
from resellers.wix import Page

from .context import Standstill, SyncContext

CHILD_PAGE = 50


IDLE_CHILD_PAGES = 3


def child_accounts(s: SyncContext) -> bool:
    """Learn the customers' account ids, a page of 50 a call.

    A list that does not go on leaves the run with a shortfall, and the other phases follow.
    """
    offset = int(s.run.position.get("offset", 0))
    s.run.calls += 1
    page = s.wix.list_child_accounts(limit=CHILD_PAGE, offset=offset)
    got = len(page.items) + len(page.rejected)
    offset += got
    with briefly():
        fresh = _keep_children(s, page)
        idle = 0 if fresh else int(s.run.position.get("idle", 0)) + 1
        s.run.position = {"offset": offset, "idle": idle}
        s.save()
    has_more = got == CHILD_PAGE if page.total is None else offset < page.total
    # Where every offset shows the same, as many as there are come together, and are the same few.
    ends_short = not has_more and bool(got and idle and page.total)
    if (has_more and idle >= IDLE_CHILD_PAGES) or ends_short:
        s.run.shortfall = {"error": str(Standstill("child accounts", idle))}
        return False
    return has_more


def _keep_children(s: SyncContext, page: Page[str]) -> int:
    """Bring a page of the list into the mirror; how many it names that no page of it named yet."""
    s.hear(page.call)
    now, ids = s.now(), {UUID(id_) for id_ in page.items}
    main = UUID(settings.WIX_ACCOUNT_ID)
    rows.make_missing(Account, ids | {main})
    Account.objects.filter(id=main, is_main=False).update(is_main=True)
    s.run.rows_changed += come_back(ids, fetch_started_at=now)
    listed = Account.objects.filter(id__in=ids)
    began = s.run.phase_began_at
    fresh = listed.filter(Q(listed_at=None) | Q(listed_at__lt=began)).count()
    listed.update(last_confirmed_at=now, listed_at=now, missing_since=None)
    return fresh
