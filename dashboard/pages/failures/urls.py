"""Addresses of failures."""

from django.urls import path

from dashboard.lists.urls import list_urls

from .list import FAILURES, failure_list

urlpatterns = [
    *list_urls(FAILURES),
    path("failures/", failure_list, name="failure_list"),
]
