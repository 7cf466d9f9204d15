"""Addresses of failures."""

from django.urls import path

from dashboard.lists.parts import parts_of

from .list import FAILURES, failure_export, failure_list

urlpatterns = [
    *parts_of(FAILURES),
    path("failures/", failure_list, name="failure_list"),
    path("failures/export.csv", failure_export, name="failure_export"),
]
