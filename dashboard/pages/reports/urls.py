"""Addresses of the reports."""

from django.urls import path

from .page import report_export, report_list

urlpatterns = [
    path("reports/", report_list, name="report_list"),
    path("reports/<slug:name>/export.csv", report_export, name="report_export"),
]
