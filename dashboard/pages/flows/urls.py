"""Addresses of flows."""

from django.urls import path

from dashboard.lists.urls import list_urls

from . import verbs
from .list import FLOWS, flow_list
from .new import flow_new
from .page import flow_page

urlpatterns = [
    *list_urls(FLOWS),
    path("flows/", flow_list, name="flow_list"),
    path("flows/new/<slug:kind>/", flow_new, name="flow_new"),
    path("flows/<int:pk>/", flow_page, name="flow_page"),
    path("flows/<int:pk>/answer/", verbs.flow_answer, name="flow_answer"),
    path("flows/<int:pk>/confirm/", verbs.flow_confirm, name="flow_confirm"),
    path("flows/<int:pk>/retry/", verbs.flow_retry, name="flow_retry"),
    path("flows/<int:pk>/read/", verbs.flow_read, name="flow_read"),
    path("flows/<int:pk>/look/", verbs.flow_look, name="flow_look"),
    path("flows/<int:pk>/pause/", verbs.flow_pause, name="flow_pause"),
    path("flows/<int:pk>/resume/", verbs.flow_resume, name="flow_resume"),
    path("flows/<int:pk>/hand/", verbs.flow_hand, name="flow_hand"),
    path("flows/<int:pk>/give-up/", verbs.flow_give_up, name="flow_give_up"),
    path("flows/<int:pk>/note/", verbs.flow_note, name="flow_note"),
]
