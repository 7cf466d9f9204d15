"""Addresses of what is a person's own."""

from django.urls import path

from .confirm import reauthenticate
from .factors import (
    AddApp,
    AddPasskey,
    RemoveApp,
    RemovePasskey,
    RenewCodes,
    SeeCodes,
    my_factors,
)
from .menu import my_menu
from .notifications import notification_list, notifications_read
from .page import me_page, my_theme
from .password import my_password
from .sessions import my_session_end, my_sessions, my_sessions_end
from .tokens import my_token_revoke, my_tokens
from .tour import my_tour

urlpatterns = [
    path("me/", me_page, name="me_page"),
    path("me/theme/", my_theme, name="my_theme"),
    path("me/tour/", my_tour, name="my_tour"),
    path("me/menu/", my_menu, name="my_menu"),
    path("me/confirm/", reauthenticate, name="reauthenticate"),
    path("me/password/", my_password, name="my_password"),
    path("me/sessions/", my_sessions, name="my_sessions"),
    path("me/sessions/end/", my_sessions_end, name="my_sessions_end"),
    path("me/sessions/<int:pk>/end/", my_session_end, name="my_session_end"),
    # allauth leads to these by names of its own.
    path("me/factors/", my_factors, name="mfa_index"),
    path("me/factors/app/", AddApp.as_view(), name="mfa_activate_totp"),
    path("me/factors/app/remove/", RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("me/factors/passkeys/add/", AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        "me/factors/passkeys/<int:pk>/remove/", RemovePasskey.as_view(), name="mfa_remove_webauthn"
    ),
    path("me/factors/codes/", SeeCodes.as_view(), name="mfa_view_recovery_codes"),
    path("me/factors/codes/renew/", RenewCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("me/tokens/", my_tokens, name="my_tokens"),
    path("me/tokens/<int:pk>/revoke/", my_token_revoke, name="my_token_revoke"),
    path("me/notifications/", notification_list, name="notification_list"),
    path("me/notifications/read/", notifications_read, name="notifications_read"),
]
