"""Addresses of templates of packages."""

from django.urls import path

from .page import template_edit, template_list, template_new, template_remove

urlpatterns = [
    path("packages/templates/", template_list, name="template_list"),
    path("packages/templates/new/", template_new, name="template_new"),
    path("packages/templates/<int:pk>/", template_edit, name="template_edit"),
    path("packages/templates/<int:pk>/remove/", template_remove, name="template_remove"),
]
