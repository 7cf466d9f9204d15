"""Addresses of contacts, each below its customer's."""

from django.urls import path

from .page import contact_edit, contact_erase, contact_export, contact_list, contact_new

OF_ACCOUNT = "accounts/<wix_id:wix_id>/contacts/"

urlpatterns = [
    path(OF_ACCOUNT, contact_list, name="contact_list"),
    path(f"{OF_ACCOUNT}new/", contact_new, name="contact_new"),
    path(f"{OF_ACCOUNT}export/", contact_export, name="contact_export"),
    path(f"{OF_ACCOUNT}<wix_id:pk>/", contact_edit, name="contact_edit"),
    path(f"{OF_ACCOUNT}<wix_id:pk>/erase/", contact_erase, name="contact_erase"),
]
