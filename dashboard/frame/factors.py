"""What allauth asks of this site about second factors: how they are kept, and what they say."""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.components.people import person_name
from resellers.people import secrets


class Factors(DefaultMFAAdapter):
    """Secrets of apps and recovery codes are in no table as they are."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This is not right, or was used already. Try once more."),
    }

    def encrypt(self, text: str) -> str:
        return secrets.close(text)

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return secrets.open_(encrypted_text)
        except secrets.Unreadable:
            # No code is right until an admin has reset the factor: one of a secret that nobody has.
            return str(generate_totp_secret())

    def get_totp_label(self, user: User) -> str:
        return user.get_username()

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"name": user.get_username(), "display_name": person_name(user)}

    def _get_site_name(self) -> str:
        return _("Reseller desk")
