"""Addresses of customers."""

from django.urls import path

from dashboard.lists.urls import list_urls
from dashboard.records.notes import note_add
from dashboard.records.refresh import account_refresh
from resellers.models import Account

from .edit import account_edit
from .list import ACCOUNTS, account_list
from .page import account_detail, account_page

urlpatterns = [
    *list_urls(ACCOUNTS),
    path("accounts/", account_list, name="account_list"),
    path("accounts/<wix_id:wix_id>/", account_detail, name="account_detail"),
    path("accounts/<wix_id:wix_id>/edit/", account_edit, name="account_edit"),
    path("accounts/<wix_id:wix_id>/refresh/", account_refresh, name="account_refresh"),
    path(
        "accounts/<wix_id:wix_id>/notes/",
        note_add,
        {"model": Account, "page": account_page},
        name="account_note",
    ),
]
