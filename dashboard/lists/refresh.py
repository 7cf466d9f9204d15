"""Rows of a list are read from Wix again: those that are selected, or one where it stands."""

from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.components import addresses
from dashboard.components.values import counted
from dashboard.frame.context import frame_of
from dashboard.frame.named_run import named_run
from dashboard.frame.staff import StaffRequest
from resellers.mirror import sync
from resellers.models import Account, Package, SyncRun

from .declaration import List
from .filters import InvalidQuery
from .refresh_limit import is_over_refresh_limit, over_limit_words, warn_over_refresh_limit
from .rows import RowRenderer, ask_for_each
from .selection import selected
from .views import invalid_form, may_select, posted_query, read_query

MENU = {"again": True}  # with its figures as they are after the reading


@require_POST
@permission_required("resellers.sync", raise_exception=True)
def list_refresh(request: StaffRequest, list_: List) -> HttpResponse:
    """Read the packages of these records from Wix, and lead back to the list, which shows how."""
    query = posted_query(request, list_)
    try:
        packages = _packages_of(list_, selected(request, query))
    except InvalidQuery as error:
        return invalid_form(request, query, trouble=str(error))
    if warn_over_refresh_limit(request):
        return redirect(query.address)
    run = sync.want_chosen(packages, by=request.user)
    return redirect(query.same_page(run=str(run.pk)))


def _packages_of(list_: List, records: QuerySet) -> list[UUID]:
    packages = list(records.values_list(list_.package_path, flat=True))
    if not packages:
        raise InvalidQuery(_("None of these is known here."))
    return packages


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("resellers.sync", raise_exception=True)
def row_refresh(request: StaffRequest, list_: List, wix_id: UUID) -> HttpResponse:
    """Want a reading of this row's record; asked with GET, say how the reading `?run=` goes.

    htmx gets the row alone, or 204 while Wix is still being asked. Others are led to the list.
    """
    list_ = list_.for_user(request.user)
    given = request.POST if request.method == "POST" else request.GET
    query = read_query(request, list_, QueryDict(given.get("query", "")))
    every = list_.rows().model._default_manager
    # Among all records: one may leave the list by what is read.
    record = get_object_or_404(list_.for_list(every.filter(pk=wix_id)))
    about = _package_or_account(list_, record)
    by_htmx = bool(request.htmx)
    words: str | SafeString = ""
    if request.method != "POST":
        run = named_run(request.GET, _readings_of(about))
    elif is_over_refresh_limit(request) if by_htmx else warn_over_refresh_limit(request):
        run, words = None, over_limit_words()
    else:
        run = _want(request, about)
    if not by_htmx:
        return redirect(query.same_page(run=str(run.pk)) if run else query.address)
    if run and run.is_open and request.method != "POST":
        return HttpResponse(status=204)
    if run and run.state in (SyncRun.State.FAILED, SyncRun.State.STOPPED):
        words = format_html('<a href="{}">{}</a>', addresses.RUN(run.pk), _("not read"))
    rows = RowRenderer(
        list_,
        query.columns,
        query.query_string,
        may_refresh=True,
        may_select=may_select(request, list_),
    )
    ask_for_each(list_, [record], frame_of(request).preflight)
    if not list_.rows().filter(pk=wix_id).exists():
        row = rows.render_removed(record)
    else:
        is_ticked = str(wix_id) in given.getlist("id")
        row = rows.render(record, is_ticked=is_ticked, run=run, words=words)
    # Behind the row: in front of it, the parser would drop the row's own tags.
    html = '{}<div hx-swap-oob="innerHTML:#announce">{}: {}</div>{}'
    menu = "" if run and run.is_open else render_to_string("frame/_menu.html", MENU, request)
    return HttpResponse(format_html(html, row, record, words or _announcement(run), menu))


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


def _readings_of(about: Package | Account) -> QuerySet[SyncRun]:
    return (
        SyncRun.objects.filter(package=about)
        if isinstance(about, Package)
        else SyncRun.objects.filter(account=about, package=None, kind=SyncRun.Kind.ACCOUNT)
    )


def _announcement(run: SyncRun | None) -> str:
    if run is None:
        return _("not being read")
    if run.is_open:
        return _("asking Wix")
    if not run.rows_changed:
        return _("read from Wix, no change")
    return _("read from Wix, %(rows_changed)s changed") % {
        "rows_changed": counted(run.rows_changed, "row", "rows")
    }
