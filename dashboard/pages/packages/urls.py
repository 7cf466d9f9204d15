"""Addresses of packages."""

from django.urls import path

from dashboard.lists.urls import list_urls
from dashboard.records.notes import note_add
from dashboard.records.refresh import package_refresh
from resellers.models import Package

from .list import PACKAGES, package_list
from .new import new_package
from .page import package_detail, package_page

urlpatterns = [
    *list_urls(PACKAGES),
    path("packages/", package_list, name="package_list"),
    path("packages/new/", new_package, name="package_new"),
    path("packages/<wix_id:wix_id>/", package_detail, name="package_detail"),
    path("packages/<wix_id:wix_id>/refresh/", package_refresh, name="package_refresh"),
    path(
        "packages/<wix_id:wix_id>/notes/",
        note_add,
        {"model": Package, "page": package_page},
        name="package_note",
    ),
]
