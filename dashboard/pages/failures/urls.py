"""Addresses of failures."""

from django.urls import path

from dashboard.lists.parts import parts_of

from .list import FAILURES, failure_list

urlpatterns = [
    *parts_of(FAILURES),
    path("failures/", failure_list, name="failure_list"),
]
