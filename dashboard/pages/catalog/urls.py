"""Addresses of the catalogue."""

from django.urls import path

from dashboard.lists.urls import list_urls

from .list import CATALOG, product_list
from .page import product_new, product_page, refusal_clear

urlpatterns = [
    *list_urls(CATALOG),
    path("catalog/", product_list, name="product_list"),
    path("catalog/new/", product_new, name="product_new"),
    path("catalog/<wix_id:wix_id>/", product_page, name="product_page"),
    path("catalog/refusals/<int:pk>/clear/", refusal_clear, name="refusal_clear"),
]
