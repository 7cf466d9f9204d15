"""Addresses of services."""

from django.urls import path

from dashboard.lists.urls import list_urls
from dashboard.records.notes import note_add
from dashboard.records.refresh import instance_refresh
from resellers.models import ProductInstance

from .list import INSTANCES, instance_list
from .page import instance_detail, instance_page

urlpatterns = [
    *list_urls(INSTANCES),
    path("instances/", instance_list, name="instance_list"),
    path("instances/<wix_id:wix_id>/", instance_detail, name="instance_detail"),
    path("instances/<wix_id:wix_id>/refresh/", instance_refresh, name="instance_refresh"),
    path(
        "instances/<wix_id:wix_id>/notes/",
        note_add,
        {"model": ProductInstance, "page": instance_page},
        name="instance_note",
    ),
]
