"""Addresses of the audit trail."""

from django.urls import path

from dashboard.lists.urls import list_urls

from .list import AUDIT, audit_list

urlpatterns = [
    *list_urls(AUDIT),
    path("audit/", audit_list, name="audit_list"),
]
