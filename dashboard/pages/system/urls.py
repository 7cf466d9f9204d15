"""Addresses of what concerns the system itself."""

from django.urls import path

from .doctor import doctor_page
from .health import healthz, readyz
from .metrics import metrics
from .policy import (
    policy_page,
    read_only_lift,
    read_only_set,
    reasons_set,
    second_factor_set,
)

urlpatterns = [
    path("policy/", policy_page, name="policy_page"),
    path("policy/read-only/", read_only_set, name="read_only_set"),
    path("policy/read-only/lift/", read_only_lift, name="read_only_lift"),
    path("policy/reasons/", reasons_set, name="reasons_set"),
    path("policy/second-factor/", second_factor_set, name="second_factor_set"),
    path("doctor/", doctor_page, name="doctor_page"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
