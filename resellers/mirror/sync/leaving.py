"""Customers who left: no longer among the child accounts, and what they had says so too."""

from collections.abc import Iterator
from typing import Literal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from resellers import throttling
from resellers.mirror.ingest.accounts import mark_account_gone
from resellers.models import Account, Package, Site, SyncRun
from resellers.throttling import Meaning
from resellers.wix import NextMove, WixError

from .context import SyncContext
from .reading import get_package

PACKAGES_ASKED = 3  # before all of a customer's packages are taken for gone
Answer = Literal["shown", "nothing", "refused"]


def customers_who_left(s: SyncContext) -> bool:
    """Ask after one account that the complete list of child accounts did not name.

    It is gone where nothing of it is shown and Wix refuses what is asked for. Where Wix refuses
    nothing either, the list may have left it out by mistake: then it takes a second full pass.
    """
    if s.run.shortfall:
        return False  # the list was not complete, so nothing follows from it
    account = accounts_unlisted(s.run).first()
    if account is None:
        return False
    started = s.now()
    answers = list(_answers(s, account))
    if "shown" in answers:
        Account.objects.filter(pk=account.pk).update(missing_since=None)
    elif "refused" in answers or account.missing_since:
        s.run.rows_changed += mark_account_gone(account, fetch_started_at=started)
    else:
        Account.objects.filter(pk=account.pk).update(missing_since=s.run.started_at)
    s.run.position |= {"customer": str(account.pk)}
    return True


def accounts_unlisted(run: SyncRun) -> QuerySet[Account]:
    """The accounts that Wix once knew, that this run's list did not name, still to be asked for.

    One that only a table of customers names was never at Wix, so it has not left.
    """
    known = (
        Q(listed_at__isnull=False)
        | Exists(Package.objects.filter(account=OuterRef("pk")))
        | Exists(Site.objects.filter(account=OuterRef("pk")))
    )
    unlisted = Q(listed_at=None) | Q(listed_at__lt=run.started_at)
    found = Account.objects.present().filter(known, unlisted, is_main=False).order_by("id")
    asked = run.position.get("customer")
    return found.filter(id__gt=UUID(asked)) if asked else found


def _answers(s: SyncContext, account: Account) -> Iterator[Answer]:
    """What Wix answers about its packages and sites, until it shows something."""
    packages = Package.objects.present().filter(account=account)
    if packages.filter(last_confirmed_at__gte=s.run.started_at).exists():
        yield "shown"
        return
    for ask in (_ask_for_packages, _ask_for_sites):
        answer = ask(s, account)
        yield answer
        if answer == "shown":
            return
    for package in packages.order_by("id")[:PACKAGES_ASKED]:
        may_be_read = get_package(s, package)
        yield "shown" if may_be_read and packages.filter(pk=package.pk).exists() else "refused"


def _ask_for_packages(s: SyncContext, account: Account) -> Answer:
    s.run.calls += 1
    try:
        page = s.wix.query_packages(
            filter={"accountId": {"$eq": str(account.pk)}}, limit=1, account_id=str(account.pk)
        )
    except WixError as error:
        return _refused(s, error)
    return "shown" if page.items else "nothing"


def _ask_for_sites(s: SyncContext, account: Account) -> Answer:
    s.run.calls += 1
    try:
        page = s.wix.query_sites(account_id=str(account.pk), limit=1)
    except WixError as error:
        return _refused(s, error)
    return "shown" if page.items else "nothing"


def _refused(s: SyncContext, error: WixError) -> Answer:
    """Raises the error where it is of something else than this account."""
    is_refusal = error.next_move is NextMove.STOP
    if not is_refusal or throttling.judge(error, s.wix).meaning is not Meaning.THING:
        raise error
    return "refused"
