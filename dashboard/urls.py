"""Every address of the site. Ids in them are Wix's; those of operations and readings are ours."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

from . import addresses  # noqa: F401  (registers `wix_id`)
from .views import accounts, health, instances, overview, packages, reports, search, sites

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", login_not_required(LogoutView.as_view()), name="logout"),
    path("accounts/", accounts.account_list, name="account_list"),
    path("accounts/export.csv", accounts.account_export, name="account_export"),
    path("accounts/<wix_id:wix_id>/", accounts.account_detail, name="account_detail"),
    path("packages/", packages.package_list, name="package_list"),
    path("packages/export.csv", packages.package_export, name="package_export"),
    path("packages/<wix_id:wix_id>/", packages.package_detail, name="package_detail"),
    path("instances/", instances.instance_list, name="instance_list"),
    path("instances/export.csv", instances.instance_export, name="instance_export"),
    path("instances/<wix_id:wix_id>/", instances.instance_detail, name="instance_detail"),
    path("sites/", sites.site_list, name="site_list"),
    path("sites/export.csv", sites.site_export, name="site_export"),
    path("search/", search.search, name="search"),
    path("reports/", reports.report_list, name="report_list"),
    path("reports/<slug:name>/export.csv", reports.report_export, name="report_export"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("dashboard.work_urls")),
]

handler400 = "dashboard.views.errors.bad_request"
handler403 = "dashboard.views.errors.forbidden"
handler404 = "dashboard.views.errors.not_found"
handler500 = "dashboard.views.errors.server_error"
