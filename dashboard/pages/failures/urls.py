"""Addresses of failures."""

from django.urls import path

from dashboard.lists.urls import list_urls

from .list import CASES
from .page import case_page, case_pin, failure_list, playbook_note
from .services_list import FAILED_SERVICES, failed_service_list
from .work import case_work

urlpatterns = [
    *list_urls(CASES, FAILED_SERVICES),
    path("failures/", failure_list, name="failure_list"),
    path("failures/failed-services/", failed_service_list, name="failed_service_list"),
    path("failures/playbook/", playbook_note, name="playbook_note"),
    path("failures/do/<slug:verb>/", case_work, name="case_work"),
    path("failures/<int:pk>/", case_page, name="case_page"),
    path("failures/<int:pk>/pin/", case_pin, name="case_pin"),
]
