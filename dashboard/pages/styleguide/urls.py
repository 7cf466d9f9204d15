"""The address of the style guide."""

from django.urls import path

from .page import styleguide

urlpatterns = [path("styleguide/", styleguide, name="styleguide")]
