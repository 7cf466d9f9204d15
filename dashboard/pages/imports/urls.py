"""Addresses of the imports: each below the list that its file is imported into."""

from django.urls import path

from .page import PAGES
from .targets import TARGETS

urlpatterns = [
    path(f"{noun}/import/{end}", view, {"noun": noun}, name=f"{noun}_{view.__name__}")
    for noun in TARGETS
    for end, view in PAGES.items()
]
