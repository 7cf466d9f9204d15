"""Addresses of what concerns the system itself."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from .doctor import doctor_page
from .health import healthz, readyz
from .policy import policy_page, read_only_lift, read_only_set, reasons_set

urlpatterns = [
    path(
        "login/",
        LoginView.as_view(
            template_name="pages/system/login.html", redirect_authenticated_user=True
        ),
        name="login",
    ),
    path("logout/", login_not_required(LogoutView.as_view()), name="logout"),
    path("policy/", policy_page, name="policy_page"),
    path("policy/read-only/", read_only_set, name="read_only_set"),
    path("policy/read-only/lift/", read_only_lift, name="read_only_lift"),
    path("policy/reasons/", reasons_set, name="reasons_set"),
    path("doctor/", doctor_page, name="doctor_page"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
