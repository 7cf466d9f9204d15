"""Addresses of the door. allauth leads to some of them by names of its own."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path

from .forgotten import password_forgotten
from .link import link_open, link_use
from .log_in import LogIn, LogInByCode, LogInByPasskey, closed
from .provider import provider_back, provider_log_in

urlpatterns = [
    path("login/", LogIn.as_view(), name="login"),
    path("login/", LogIn.as_view(), name="account_login"),
    path("login/code/", LogInByCode.as_view(), name="mfa_authenticate"),
    path("login/passkey/", LogInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("login/closed/", login_not_required(closed), name="account_inactive"),
    path("login/forgotten/", password_forgotten, name="password_forgotten"),
    path("login/link/", link_use, name="link_use"),
    path("login/link/<slug:secret>/", link_open, name="link_open"),
    path("login/provider/", provider_log_in, name="openid_connect_login"),
    path("login/provider/callback/", provider_back, name="openid_connect_callback"),
    path("logout/", login_not_required(LogoutView.as_view()), name="logout"),
]
