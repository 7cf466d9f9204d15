"""Where the search box leads."""

from django.urls import path

from .page import search

urlpatterns = [path("search/", search, name="search")]
