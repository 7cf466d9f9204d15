"""Addresses of the explanations."""

from django.urls import path

from .page import help_entry, help_outcome, help_page

urlpatterns = [
    path("help/", help_page, name="help_page"),
    path("help/operations/<int:pk>/", help_outcome, name="help_outcome"),
    path("help/<str:key>/", help_entry, name="help_entry"),
]
