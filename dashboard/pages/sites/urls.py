"""Addresses of sites."""

from django.urls import path

from dashboard.lists.parts import parts_of

from .list import SITES, site_list

urlpatterns = [
    *parts_of(SITES),
    path("sites/", site_list, name="site_list"),
]
