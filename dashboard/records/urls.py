"""Addresses of what stands on every record's page."""

from django.urls import path

from .notes import note_pin

urlpatterns = [
    path("notes/<int:pk>/pin/", note_pin, {"pinned": True}, name="note_pin"),
    path("notes/<int:pk>/unpin/", note_pin, {"pinned": False}, name="note_unpin"),
]
