"""Every address of the site. Ids in them are Wix's; those of operations and readings are ours."""

from django.urls import include, path

from dashboard.frame import converters  # noqa: F401  (registers `wix_id`)

PAGES = (
    *("overview", "search", "live"),
    *("accounts", "packages", "instances", "sites", "domains", "catalog", "imports"),
    *(
        "operations",
        "failures",
        "bulk",
        "flows",
        "reports",
        "mirror",
        "audit",
        "help",
        "me",
        "signin",
        "styleguide",
        "system",
    ),
    "people",
    "roles",
    "webhooks",
    "contacts",
    "package_templates",
    "exports",
)

urlpatterns = [
    *(path("", include(f"dashboard.pages.{noun}.urls")) for noun in PAGES),
    path("", include("dashboard.api.urls")),
    path("", include("dashboard.actions.urls")),
    path("", include("dashboard.records.urls")),
]

handler400 = "dashboard.pages.system.errors.bad_request"
handler403 = "dashboard.pages.system.errors.forbidden"
handler404 = "dashboard.pages.system.errors.not_found"
handler500 = "dashboard.pages.system.errors.server_error"
