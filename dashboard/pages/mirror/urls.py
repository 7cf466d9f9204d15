"""Addresses of the readings of Wix."""

from django.urls import path

from dashboard.lists.parts import parts_of

from .list import RUNS
from .page import mirror_list, mirror_sync, run_page, run_stop

urlpatterns = [
    *parts_of(RUNS),
    path("mirror/", mirror_list, name="mirror_list"),
    path("mirror/sync/", mirror_sync, name="mirror_sync"),
    path("mirror/runs/<int:pk>/", run_page, name="run_page"),
    path("mirror/<int:pk>/stop/", run_stop, name="run_stop"),
]
