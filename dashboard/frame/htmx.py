"""Which part of a page htmx asks for."""

from django.http import HttpRequest


def asks_for_part(request: HttpRequest, target: str) -> bool:
    """Whether htmx wants this part alone; a history restore gets the whole page."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.history_restore_request and htmx.target == target
