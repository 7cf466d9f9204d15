"""Addresses of webhooks."""

from django.urls import path

from .page import (
    delivery_again,
    webhook_list,
    webhook_page,
    webhook_remove,
    webhook_secret,
    webhook_test,
)

urlpatterns = [
    path("policy/webhooks/", webhook_list, name="webhook_list"),
    path("policy/webhooks/<int:pk>/", webhook_page, name="webhook_page"),
    path("policy/webhooks/<int:pk>/secret/", webhook_secret, name="webhook_secret"),
    path("policy/webhooks/<int:pk>/test/", webhook_test, name="webhook_test"),
    path("policy/webhooks/<int:pk>/remove/", webhook_remove, name="webhook_remove"),
    path("policy/webhooks/calls/<int:pk>/again/", delivery_again, name="delivery_again"),
]
