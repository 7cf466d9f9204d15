"""Addresses of the readings of Wix."""

from django.urls import path

from dashboard.lists.urls import list_urls

from .list import RUNS
from .page import mirror_list, mirror_sync, run_page, run_stop

urlpatterns = [
    *list_urls(RUNS),
    path("mirror/", mirror_list, name="mirror_list"),
    path("mirror/sync/", mirror_sync, name="mirror_sync"),
    path("mirror/runs/<int:pk>/", run_page, name="run_page"),
    path("mirror/<int:pk>/stop/", run_stop, name="run_stop"),
]
