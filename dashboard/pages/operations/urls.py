"""Addresses of operations."""

from django.urls import path

from dashboard.lists.urls import list_urls

from .list import OPERATIONS, operation_list
from .page import (
    operation_finish,
    operation_look_again,
    operation_page,
    operation_retry,
    operation_withdraw,
    resume_writes,
)

urlpatterns = [
    *list_urls(OPERATIONS),
    path("operations/", operation_list, name="operation_list"),
    path("operations/resume-writes/", resume_writes, name="resume_writes"),
    path("operations/<int:pk>/", operation_page, name="operation_page"),
    path("operations/<int:pk>/withdraw/", operation_withdraw, name="operation_withdraw"),
    path("operations/<int:pk>/retry/", operation_retry, name="operation_retry"),
    path("operations/<int:pk>/look-again/", operation_look_again, name="operation_look_again"),
    path("operations/<int:pk>/finish/", operation_finish, name="operation_finish"),
]
