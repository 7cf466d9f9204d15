"""Addresses of people."""

from django.urls import path

from dashboard.lists.urls import list_urls

from .invite import people_invite
from .list import PEOPLE, people_list
from .page import (
    hold_lift,
    person_deactivate,
    person_factors_reset,
    person_link,
    person_page,
    person_reactivate,
    person_role,
    person_sessions_end,
)
from .scope import person_scope
from .tokens import token_revoke

urlpatterns = [
    *list_urls(PEOPLE),
    path("people/", people_list, name="people_list"),
    path("people/invite/", people_invite, name="people_invite"),
    path("people/holds/<int:pk>/lift/", hold_lift, name="hold_lift"),
    path("people/<int:pk>/", person_page, name="person_page"),
    path("people/<int:pk>/scope/", person_scope, name="person_scope"),
    path("people/<int:pk>/role/", person_role, name="person_role"),
    path("people/<int:pk>/link/", person_link, name="person_link"),
    path("people/<int:pk>/factors/reset/", person_factors_reset, name="person_factors_reset"),
    path("people/<int:pk>/sessions/end/", person_sessions_end, name="person_sessions_end"),
    path("people/tokens/<int:pk>/revoke/", token_revoke, name="token_revoke"),
    path("people/<int:pk>/deactivate/", person_deactivate, name="person_deactivate"),
    path("people/<int:pk>/reactivate/", person_reactivate, name="person_reactivate"),
]
