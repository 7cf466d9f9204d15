"""Addresses of the audit trail."""

from django.urls import path

from dashboard.lists.parts import parts_of

from .list import AUDIT, audit_list

urlpatterns = [
    *parts_of(AUDIT),
    path("audit/", audit_list, name="audit_list"),
]
