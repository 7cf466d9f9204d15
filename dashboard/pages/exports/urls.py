"""Addresses of files that are made in the background, each for who asked for it."""

from django.urls import path

from .page import export_file, export_list, export_manifest, export_page, export_remove

urlpatterns = [
    path("exports/", export_list, name="export_list"),
    path("exports/<int:pk>/", export_page, name="export_page"),
    path("exports/<int:pk>/file.csv", export_file, name="export_file"),
    path("exports/<int:pk>/manifest.json", export_manifest, name="export_manifest"),
    path("exports/<int:pk>/remove/", export_remove, name="export_remove"),
]
