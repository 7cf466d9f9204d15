"""Addresses of sites."""

from django.urls import path

from dashboard.lists.urls import list_urls

from .list import SITES, site_list

urlpatterns = [
    *list_urls(SITES),
    path("sites/", site_list, name="site_list"),
]
