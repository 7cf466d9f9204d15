"""Addresses of roles and rights."""

from django.urls import path

from .page import roles_page, view_as, view_as_end

urlpatterns = [
    path("roles/", roles_page, name="roles_page"),
    path("roles/view-as/", view_as, name="view_as"),
    path("roles/view-as/end/", view_as_end, name="view_as_end"),
]
