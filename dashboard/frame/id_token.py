"""The ID token, by which the provider says who somebody is: read once it holds, by whatever line it
came (OpenID Connect Core, 3.1.3.7)."""

from collections.abc import Mapping
from typing import Any

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

# Signed with a key that the provider alone has: none of those that are made with a shared secret.
ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
)
MUST_SAY = ["iss", "sub", "aud", "exp", "iat"]
CLOCKS_DIFFER = 60  # seconds, at most
# What is wrong with one, by the library's words for it.
WRONG: Mapping[type[Exception], str] = {
    jwt.InvalidAlgorithmError: "signature",
    jwt.InvalidSignatureError: "signature",
    jwt.InvalidKeyError: "signature",
    jwt.InvalidIssuerError: "issuer",
    jwt.InvalidAudienceError: "audience",
    jwt.ExpiredSignatureError: "expired",
    jwt.ImmatureSignatureError: "not yet in force",
}


class DoesNotHold(OAuth2Error):
    """Nobody is logged in by such a token; `wrong` is what is wrong with it, in a word."""

    def __init__(self, wrong: str) -> None:
        super().__init__(f"the ID token does not hold: {wrong}")
        self.wrong = wrong


def read(token: str, keys: Mapping[str, Any], *, issuer: str, audience: str) -> dict[str, Any]:
    """What the token says; `keys` are the provider's, as it publishes them. Raises DoesNotHold."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            _key_of(token, keys),
            algorithms=ALGORITHMS,
            issuer=issuer,
            audience=audience,
            leeway=CLOCKS_DIFFER,
            options={"require": MUST_SAY},
        )
    except jwt.MissingRequiredClaimError as error:
        raise DoesNotHold(f"no {error.claim}") from error
    except jwt.PyJWTError as error:
        raise DoesNotHold(WRONG.get(type(error), "form")) from error
    except TypeError as error:  # a key of another kind than the algorithm it names
        raise DoesNotHold("signature") from error
    if claims.get("azp", audience) != audience:
        raise DoesNotHold("audience")
    return claims


def _key_of(token: str, keys: Mapping[str, Any]) -> Any:
    """The key that the token says it was signed with; the only one there is where it names none."""
    named = jwt.get_unverified_header(token).get("kid")
    found = [one for one in jwt.PyJWKSet.from_dict(dict(keys)) if one.public_key_use != "enc"]
    fitting = [one for one in found if one.key_id == named] if named else found
    if len(fitting) != 1:
        raise DoesNotHold("signature")
    return fitting[0].key
