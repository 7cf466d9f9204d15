"""Addresses of what staff ask for, each below the thing that it changes."""

from django.urls import path

from .forms import INSTANCE_FORMS, PACKAGE_FORMS
from .views import instance_action, package_action

urlpatterns = [
    *(
        path(
            f"instances/<wix_id:wix_id>/{form.slug}/",
            instance_action,
            {"slug": form.slug},
            name=form.url_name,
        )
        for form in INSTANCE_FORMS
    ),
    *(
        path(
            f"packages/<wix_id:wix_id>/{form.slug}/",
            package_action,
            {"slug": form.slug},
            name=form.url_name,
        )
        for form in PACKAGE_FORMS
    ),
]
