"""A row of a list is read from Wix again where it stands."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from dashboard import lists
from dashboard.components import addresses
from dashboard.components.values import counted
from dashboard.frame.staff import StaffRequest
from resellers.mirror import sync
from resellers.models import Account, Package, SyncRun

from .declaration import List
from .refresh_limit import ENOUGH, has_refreshed_enough, refreshes_too_often
from .rows import Rows
from .views import chosen_run


@require_http_methods(["GET", "HEAD", "POST"])
def row_refresh(request: StaffRequest, list_: List, wix_id: UUID) -> HttpResponse:
    """Want a reading of this row's record; asked with GET, say how the reading `?run=` goes.

    htmx gets the row alone, or 204 while Wix is still being asked. Others are led to the list.
    """
    list_ = list_.as_seen_by(request.user)
    given = request.POST if request.method == "POST" else request.GET
    asked = lists.ask(request, list_, QueryDict(given.get("query", "")))
    every = list_.rows().model._default_manager
    # Among all records: one may leave the list by what is read.
    record = get_object_or_404(list_.for_list(every.filter(pk=wix_id)))
    about = _package_or_account(list_, record)
    by_htmx = bool(request.htmx)
    words: str | SafeString = ""
    if request.method != "POST":
        run = _run_named(request, about)
    elif has_refreshed_enough(request) if by_htmx else refreshes_too_often(request):
        run, words = None, ENOUGH
    else:
        run = _want(request, about)
    if not by_htmx:
        return redirect(asked.here(run=str(run.pk)) if run else asked.address)
    if run and run.is_open and request.method != "POST":
        return HttpResponse(status=204)
    if run and run.state in (SyncRun.State.FAILED, SyncRun.State.STOPPED):
        words = format_html('<a href="{}">not read</a>', addresses.RUN(run.pk))
    may_pick = bool(list_.package_path) and request.user.has_perm("resellers.sync")
    rows = Rows(list_, asked.columns, asked.query, may_pick=may_pick)
    if not list_.rows().filter(pk=wix_id).exists():
        row = rows.left(record)
    else:
        is_ticked = str(wix_id) in given.getlist("id")
        row = rows.html(record, is_ticked=is_ticked, run=run, words=words)
    # Behind the row: in front of it, the parser would drop the row's own tags.
    said = '{}<div hx-swap-oob="innerHTML:#announce">{}: {}</div>'
    return HttpResponse(format_html(said, row, record, words or _told(run)))


def _package_or_account(list_: List, record: object) -> Package | Account:
    """What Wix is asked for to read this record again."""
    if list_.package_path:
        packages = Package.objects.select_related("account").defer("raw", "account__raw")
        return packages.get(pk=getattr(record, list_.package_path))
    return Account.objects.defer("raw").get(pk=getattr(record, list_.account_path))


def _want(request: StaffRequest, about: Package | Account) -> SyncRun:
    if isinstance(about, Package):
        return sync.want(SyncRun.Kind.PACKAGE, package=about, by=request.user)
    return sync.want(SyncRun.Kind.ACCOUNT, account=about, by=request.user)


def _run_named(request: HttpRequest, about: Package | Account) -> SyncRun | None:
    run = chosen_run(request)
    read = run and (run.package_id or run.account_id)
    return run if read == about.pk else None


def _told(run: SyncRun | None) -> str:
    if run is None:
        return "not being read"
    if run.is_open:
        return "asking Wix"
    if not run.rows_changed:
        return "read from Wix, no change"
    return f"read from Wix, {counted(run.rows_changed, 'row', 'rows')} changed"
