"""Where an open page asks for news."""

from django.urls import path

from .page import live

urlpatterns = [path("live/", live, name="live")]
