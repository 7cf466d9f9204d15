"""Where the search box leads, and the list of keys."""

from django.urls import path

from .page import keys_page, search

urlpatterns = [
    path("search/", search, name="search"),
    path("keys/", keys_page, name="keys_page"),
]
