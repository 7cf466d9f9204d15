"""To the agency's own sign-in, and back from there."""

import logging
import secrets
from typing import Any

from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from requests import RequestException

from dashboard.frame import provider
from dashboard.frame.provider import Connection, OwnProvider
from dashboard.frame.reauthentication import require_recent

from .link import KEY
from .log_in import wanted_page

logger = logging.getLogger(__name__)

FAILURES = (RequestException, OAuth2Error, ImproperlyConfigured, KeyError, ValueError)


@login_not_required
@require_safe
def provider_log_in(request: HttpRequest) -> HttpResponse:
    """Lead to the provider: to log in, behind an invitation, or to connect who is logged in."""
    _check_is_on()
    own = OwnProvider(request, app=provider.app())
    nonce = secrets.token_urlsafe(24)
    data: dict[str, Any] = {"nonce": nonce}
    params = {"nonce": nonce}
    if request.user.is_authenticated and "connect" in request.GET:
        require_recent(request)
        data["person"] = request.user.pk
    elif request.user.is_authenticated:
        # Whoever is in already comes to show once more who they are.
        params |= {"prompt": "login", "max_age": "0"}
        data["again"] = True
    elif KEY in request.session:
        data["link"] = request.session[KEY]
    try:
        answer: HttpResponse = own.redirect(
            request,
            process=AuthProcess.LOGIN,
            next_url=wanted_page(request),
            data=data,
            auth_params=params,
        )
    except FAILURES as error:
        logger.warning("the provider cannot be used: %s: %s", type(error).__name__, error)
        return redirect(f"{reverse('login')}?trouble=provider")
    return answer


@login_not_required
@require_safe
def provider_back(request: HttpRequest) -> HttpResponse:
    """Back from there, with what the provider says of the person."""
    _check_is_on()
    view = OAuth2CallbackView.adapter_view(Connection(request, settings.OIDC.issuer))
    try:
        answer: HttpResponse = view(request)
    except FAILURES as error:
        logger.warning("the provider cannot be used: %s: %s", type(error).__name__, error)
        return provider.refusal(request, "provider")
    return answer


def _check_is_on() -> None:
    if not provider.is_on():
        raise Http404(_("There is no such sign-in here."))
