"""What a view gets from somebody who works here."""

from django.contrib.auth.models import User
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class StaffRequest(HttpRequest):
    """A request of a person: nobody else comes past the log-in, which covers every path."""

    user: User
    htmx: HtmxDetails
