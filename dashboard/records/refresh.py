"""A record is read from Wix again, and its page shows how the reading goes."""

from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from dashboard.frame.named_run import named_run, run_number
from dashboard.frame.staff import StaffRequest
from dashboard.lists.refresh_limit import warn_over_refresh_limit
from resellers.mirror import sync
from resellers.models import Account, Package, ProductInstance, Site, SyncRun

from .page import referring_tab


@require_POST
@permission_required("resellers.sync", raise_exception=True)
def account_refresh(request: StaffRequest, wix_id: UUID) -> HttpResponse:
    """Read one account's packages and sites anew."""
    account = get_object_or_404(Account, pk=wix_id)
    return _refreshed(request, account, SyncRun.Kind.ACCOUNT, account=account)


@require_POST
@permission_required("resellers.sync", raise_exception=True)
def package_refresh(request: StaffRequest, wix_id: UUID) -> HttpResponse:
    """Read one package anew."""
    package = get_object_or_404(Package.objects.select_related("account"), pk=wix_id)
    return _refreshed(request, package, SyncRun.Kind.PACKAGE, package=package)


@require_POST
@permission_required("resellers.sync", raise_exception=True)
def instance_refresh(request: StaffRequest, wix_id: UUID) -> HttpResponse:
    """Read one service's package anew: Wix shows a package with all its services or not at all."""
    instance = get_object_or_404(ProductInstance.objects.select_related("package"), pk=wix_id)
    return _refreshed(request, instance, SyncRun.Kind.PACKAGE, package=instance.package)


@require_POST
@permission_required("resellers.sync", raise_exception=True)
def site_refresh(request: StaffRequest, wix_id: UUID) -> HttpResponse:
    """Read one site's account anew: Wix shows the sites of an account together."""
    site = get_object_or_404(Site.objects.select_related("account"), pk=wix_id)
    return _refreshed(request, site, SyncRun.Kind.ACCOUNT, account=site.account)


def _refreshed(
    request: StaffRequest, record: Model, kind: SyncRun.Kind, **about: Account | Package
) -> HttpResponse:
    """Want the reading and lead back to the record's page, which shows how it goes."""
    page = record.get_absolute_url()  # type: ignore[attr-defined]
    if warn_over_refresh_limit(request):
        return redirect(page)
    run = sync.want(kind, by=request.user, **about)  # type: ignore[arg-type]
    return redirect(f"{page}?run={run.pk}{referring_tab(request, page)}")


def current_run(
    request: HttpRequest, *, account: Account, package: Package | None = None
) -> SyncRun | None:
    """The reading of this very record that its page shows: the one named, else the open one."""
    runs = (
        SyncRun.objects.filter(package=package)
        if package
        else SyncRun.objects.filter(account=account, package=None)
    )
    if run_number(request.GET) is not None:
        return named_run(request.GET, runs)
    return runs.open().first()
