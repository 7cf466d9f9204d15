"""The agency's own sign-in, by OpenID Connect: who comes from there, and in what role.

People are told apart by issuer and subject, never by name or address. Everything about the provider
is in settings, nothing in tables.
"""

import logging
import time
from typing import Any, NoReturn, cast
from urllib.parse import urlsplit

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from resellers import audit
from resellers.folding import plain, tidy
from resellers.models import Role
from resellers.people import links, rights

from .client_address import client_address
from .id_token import DoesNotHold
from .id_token import read as id_token_of

logger = logging.getLogger(__name__)


def is_on() -> bool:
    """Whether one may sign in through the agency's provider."""
    return bool(settings.OIDC.issuer)


def app() -> SocialApp:
    """The provider as settings describe it; its id is the issuer's address."""
    return SocialApp(
        provider="openid_connect",
        provider_id=settings.OIDC.issuer,
        name=settings.OIDC.name,
        client_id=settings.OIDC.client_id,
        secret=settings.OIDC.client_secret,
        settings={
            "server_url": settings.OIDC.issuer,
            "scope": settings.OIDC.scopes,
            "oauth_pkce_enabled": True,
        },
    )


class Connection(OpenIDConnectOAuth2Adapter):
    """The calls to the provider; its answers are held against what settings say."""

    @property
    def openid_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().openid_config
        if str(config.get("issuer", "")).rstrip("/") != settings.OIDC.issuer.rstrip("/"):
            raise OAuth2Error("the provider names another issuer than OIDC_ISSUER")
        # What comes from there by TLS is the provider's word: so it has to come by TLS.
        scheme = urlsplit(settings.OIDC.issuer).scheme
        for name in ("token_endpoint", "userinfo_endpoint", "jwks_uri"):
            if urlsplit(config.get(name, "")).scheme not in ("https", scheme):
                raise OAuth2Error(f"the provider's {name} is not behind TLS")
        return config

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """What it says, once its signature and all else about it holds."""
        config = self.openid_config
        with get_adapter().get_requests_session() as session:
            response = session.get(config["jwks_uri"])
        response.raise_for_status()
        issuer = config["issuer"]
        return id_token_of(id_token, response.json(), issuer=issuer, audience=app.client_id)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        path = reverse("openid_connect_callback")
        return settings.SITE_URL + path if settings.SITE_URL else request.build_absolute_uri(path)


class OwnProvider(OpenIDConnectProvider):
    """allauth's, with the calls as this site makes them.

    Every process reads this file as it starts, since allauth lists its providers then.
    """

    oauth2_adapter_class = Connection


class FromProvider(DefaultSocialAccountAdapter):
    """Whoever the provider vouches for: known by issuer and subject, new where a group gives a
    role, or behind an invitation."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        return [app()] if is_on() else []

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return role_from(sociallogin.account) is not None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse what does not hold, connect whoever asked for that, keep roles as groups say."""
        sociallogin.email_addresses = []
        self._check(request, sociallogin)
        data = sociallogin.state.get("data") or {}
        if "person" in data:
            self._connect(request, sociallogin, data["person"])
        if not sociallogin.is_existing and "link" in data:
            self._come_by_link(request, sociallogin, data["link"])
        role = role_from(sociallogin.account)
        if settings.OIDC.roles and role is None:
            refuse(request, "role", sociallogin.account)
        if sociallogin.is_existing and role is not None:
            try:
                rights.set_role(sociallogin.user, role, by=None)
            except (rights.LastAdmin, rights.NotForLimited) as error:
                logger.warning("the role of %s stays: %s", sociallogin.user, error)
        if not sociallogin.is_existing and role is None:
            refuse(request, "unknown", sociallogin.account)

    def save_user(
        self, request: HttpRequest, sociallogin: SocialLogin, form: object = None
    ) -> User:
        """Somebody new, in the role that their groups give."""
        person, role = sociallogin.user, role_from(sociallogin.account)
        assert role is not None
        with transaction.atomic():
            wanted = claims_of(sociallogin.account).get("preferred_username")
            person.username = free_name(str(wanted or sociallogin.account.uid))
            person.first_name, person.last_name = _free_full_name(person), ""
            person.set_unusable_password()
            sociallogin.save(request)
            person.groups.set(Group.objects.filter(name=role.value))
            body = {"person": person.username, "role": role.value}
            audit.record("person.connected", by=person, body=body)
        return cast(User, person)

    def on_authentication_error(self, request: HttpRequest, provider: object, **about: Any) -> None:
        error = about.get("exception") or about.get("error")
        logger.warning("sign-in by the provider: %s", error)
        refuse(request, "provider", None, error.wrong if isinstance(error, DoesNotHold) else "")

    def _check(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        found = sociallogin.account.extra_data
        token, userinfo = found.get("id_token") or {}, found.get("userinfo") or {}
        data = sociallogin.state.get("data") or {}
        wrong = ""
        if not data.get("nonce") or token.get("nonce") != data["nonce"]:
            wrong = "nonce"
        elif userinfo.get("sub", token["sub"]) != token["sub"]:
            wrong = "subject"
        elif "again" in data and _is_long_ago(token.get("auth_time")):
            wrong = "time"
        if wrong:
            refuse(request, "provider", sociallogin.account, wrong)

    def _connect(self, request: HttpRequest, sociallogin: SocialLogin, person: int) -> NoReturn:
        """Whoever is logged in comes in through the provider from now on, too."""
        if sociallogin.is_existing or request.user.pk != person:
            raise ImmediateHttpResponse(redirect(f"{reverse('me_page')}?connected=no"))
        _connect_to(request, sociallogin, request.user)
        raise ImmediateHttpResponse(redirect("me_page"))

    def _come_by_link(self, request: HttpRequest, sociallogin: SocialLogin, key: str) -> None:
        link = links.found_by(key)
        if link is not None and links.use(link):
            _connect_to(request, sociallogin, link.person)


def _connect_to(request: HttpRequest, sociallogin: SocialLogin, person: User) -> None:
    with transaction.atomic():
        sociallogin.connect(request, person)
        audit.record("person.connected", by=person, body={"person": person.get_username()})


def _is_long_ago(given_at: object) -> bool:
    """Whether the person showed the provider who they are too long ago; it need not say."""
    if not isinstance(given_at, int | float):
        return False
    return time.time() - given_at >= settings.PASSWORD_HOLDS_SECONDS


def refuse(
    request: HttpRequest, why: str, account: SocialAccount | None, wrong: str = ""
) -> NoReturn:
    """Go no further, but as `refusal` leads."""
    raise ImmediateHttpResponse(refusal(request, why, account, wrong))


def refusal(
    request: HttpRequest, why: str, account: SocialAccount | None = None, wrong: str = ""
) -> HttpResponse:
    """Leads back to the log-in, which says why; the trail says what was wrong as well."""
    reason = f"sign-in: {why}" + (f", {wrong}" if wrong else "")
    body = {"name": account.uid if account else "", "wrong": reason}
    audit.record("log_in.failed", address=client_address(request), body=body)
    return redirect(f"{reverse('login')}?trouble={why}")


def claims_of(account: SocialAccount) -> dict[str, Any]:
    """All that the provider says of the person."""
    found = account.extra_data
    claims: dict[str, Any] = (found.get("id_token") or {}) | (found.get("userinfo") or {})
    return claims


def role_from(account: SocialAccount) -> Role | None:
    """The highest role that the person's groups give; None for none of them."""
    groups = claims_of(account).get(settings.OIDC.groups_claim) or []
    names = {str(group) for group in ([groups] if isinstance(groups, str) else groups)}
    given = {role for group, role in settings.OIDC.roles.items() if group in names}
    return next((role for role in reversed(Role) if role.value in given), None)


def free_name(wanted: str) -> str:
    """The username that is wanted, with a number behind it where somebody has it already."""
    taken = {plain(name) for name in User.objects.values_list("username", flat=True)}
    wanted = "".join(letter for letter in tidy(wanted) if letter.isalnum() or letter in "@.+-_")
    wanted = wanted[:140] or "person"
    name, number = wanted, 1
    while plain(name) in taken:
        number += 1
        name = f"{wanted}{number}"
    return name


def _free_full_name(person: User) -> str:
    name = tidy(f"{person.first_name} {person.last_name}")[:150]
    others = User.objects.exclude(pk=person.pk)
    taken = {plain(known) for one in others for known in (one.username, one.get_full_name())}
    return "" if plain(name) in taken else name
