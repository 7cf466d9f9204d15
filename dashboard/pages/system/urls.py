"""Addresses of what concerns the system itself."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path

from .doctor import doctor_page
from .health import healthz, readyz
from .log_in import LogIn
from .policy import policy_page, read_only_lift, read_only_set, reasons_set

urlpatterns = [
    path("login/", LogIn.as_view(), name="login"),
    path("logout/", login_not_required(LogoutView.as_view()), name="logout"),
    path("policy/", policy_page, name="policy_page"),
    path("policy/read-only/", read_only_set, name="read_only_set"),
    path("policy/read-only/lift/", read_only_lift, name="read_only_lift"),
    path("policy/reasons/", reasons_set, name="reasons_set"),
    path("doctor/", doctor_page, name="doctor_page"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
