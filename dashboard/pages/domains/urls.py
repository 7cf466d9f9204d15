"""Addresses of domains."""

from django.urls import path

from dashboard.lists.urls import list_urls

from .list import DOMAINS, domain_list

urlpatterns = [
    *list_urls(DOMAINS),
    path("domains/", domain_list, name="domain_list"),
]
