"""How ids look: in mono, and one press away from being copied."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .values import NOTHING


def short_id(value: Any) -> SafeString:
    """The id's first characters in mono, the whole of it on hover and one press away to copy."""
    if not value:
        return NOTHING
    return format_html(
        '<span class="id"><code title="{0}">{1}…</code>'
        '<button type="button" class="copy" data-copy="{0}" aria-label="{2}" hidden>'
        "</button></span>",
        value,
        str(value)[:8],
        _("Copy the id %(id)s…") % {"id": str(value)[:8]},
    )


def full_id(value: Any) -> SafeString:
    """The whole id in mono, with a button that copies it."""
    if not value:
        return NOTHING
    return format_html(
        '<span class="id"><code>{0}</code><button type="button" class="copy" data-copy="{0}"'
        ' aria-label="{1}" hidden></button></span>',
        value,
        _("Copy this id"),
    )
