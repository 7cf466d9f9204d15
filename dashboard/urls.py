"""Every address of the site. Ids in them are Wix's; those of operations and readings are ours."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

from . import addresses  # noqa: F401  (registers `wix_id`)
from .table.parts import parts_of
from .views import (
    accounts,
    catalog,
    customers,
    health,
    imports,
    instance,
    instances,
    overview,
    packages,
    policy,
    reports,
    search,
    sites,
)

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", login_not_required(LogoutView.as_view()), name="logout"),
    *parts_of(
        accounts.ACCOUNTS, packages.PACKAGES, instances.INSTANCES, sites.SITES, catalog.CATALOG
    ),
    path("accounts/", accounts.account_list, name="account_list"),
    path("accounts/export.csv", accounts.account_export, name="account_export"),
    path("accounts/<wix_id:wix_id>/", accounts.account_detail, name="account_detail"),
    path("accounts/<wix_id:wix_id>/edit/", customers.account_edit, name="account_edit"),
    path("catalog/", catalog.product_list, name="product_list"),
    path("catalog/export.csv", catalog.product_export, name="product_export"),
    path("catalog/new/", catalog.product_new, name="product_new"),
    path("catalog/<wix_id:wix_id>/", catalog.product_page, name="product_page"),
    path("catalog/refusals/<int:pk>/clear/", catalog.refusal_clear, name="refusal_clear"),
    *(
        path(f"{noun}/import/{end}", view, {"noun": noun}, name=f"{noun}_{view.__name__}")
        for noun in imports.TARGETS
        for end, view in imports.PAGES.items()
    ),
    path("policy/", policy.policy_page, name="policy_page"),
    path("policy/read-only/", policy.read_only_set, name="read_only_set"),
    path("policy/read-only/lift/", policy.read_only_lift, name="read_only_lift"),
    path("policy/reasons/", policy.reasons_set, name="reasons_set"),
    path("packages/", packages.package_list, name="package_list"),
    path("packages/export.csv", packages.package_export, name="package_export"),
    path("packages/<wix_id:wix_id>/", packages.package_detail, name="package_detail"),
    path("instances/", instances.instance_list, name="instance_list"),
    path("instances/export.csv", instances.instance_export, name="instance_export"),
    path("instances/<wix_id:wix_id>/", instance.instance_detail, name="instance_detail"),
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
