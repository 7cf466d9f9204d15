"""Addresses of many changes at once."""

from django.urls import path

from dashboard.lists.urls import list_urls

from .list import BULK, bulk_list
from .new import bulk_new
from .page import (
    bulk_again,
    bulk_choose,
    bulk_confirm,
    bulk_pause,
    bulk_resume,
    bulk_rows,
    bulk_run,
    bulk_stop,
)

urlpatterns = [
    *list_urls(BULK),
    path("bulk/", bulk_list, name="bulk_list"),
    path("bulk/new/", bulk_new, name="bulk_new"),
    path("bulk/<int:pk>/", bulk_run, name="bulk_run"),
    path("bulk/<int:pk>/rows.csv", bulk_rows, name="bulk_rows"),
    path("bulk/<int:pk>/choose/", bulk_choose, name="bulk_choose"),
    path("bulk/<int:pk>/confirm/", bulk_confirm, name="bulk_confirm"),
    path("bulk/<int:pk>/pause/", bulk_pause, name="bulk_pause"),
    path("bulk/<int:pk>/resume/", bulk_resume, name="bulk_resume"),
    path("bulk/<int:pk>/stop/", bulk_stop, name="bulk_stop"),
    path("bulk/<int:pk>/again/", bulk_again, name="bulk_again"),
]
