"""The first page."""

from django.urls import path

from .page import overview

urlpatterns = [path("", overview, name="overview")]
