"""Addresses of the read API. Nobody logs in for them: each call shows its token."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path

from .address import PREFIX
from .calls import api, unknown_address
from .document import docs_page, openapi_json


def _calls() -> list[URLPattern]:
    """Those of the calls; ninja adds one for its own root, which has nothing."""
    found = [one for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
    for one in found:
        one.callback = login_not_required(one.callback)
    return found


urlpatterns = [
    path(f"{PREFIX}openapi.json", login_not_required(openapi_json), name="api_openapi"),
    path(f"{PREFIX}docs", login_not_required(docs_page), name="api_docs"),
    *_calls(),
    path(f"{PREFIX}<path:rest>", login_not_required(unknown_address), name="api_unknown"),
]
