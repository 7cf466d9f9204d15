"""Addresses of what staff ask for, each below the thing that it changes."""

from django.urls import URLPattern, path

from .forms import WISH_FORMS
from .views import action


def addresses() -> list[URLPattern]:
    """One for each form there is; a form that stands under no noun has a page of its own."""
    return [
        path(
            f"{form.under}/<wix_id:wix_id>/{form.slug}/",
            action,
            {"kind_name": form.kind},
            name=form.url_name,
        )
        for form in WISH_FORMS.values()
        if form.under
    ]


urlpatterns = addresses()
