"""Words that stand in each of many rows, translated once for all of them and not once a row."""

from functools import cache

from django.utils.translation import get_language, gettext


def row_words() -> dict[str, str]:
    """By what they say, in the language of the page."""
    return _words(get_language())


@cache
def _words(language: str | None) -> dict[str, str]:
    return {
        "checked": gettext("checked"),
        "checked_at": gettext("Checked {}"),
        "copy_ids": gettext("Copy ids"),
        "floating": gettext("floating"),
        "more": gettext("More"),
        "more_for": gettext("More for %(what)s"),
        "no_end": gettext("no end"),
        "open": gettext("Open"),
        "open_site": gettext("Open site"),
        "package": gettext("Package"),
        "refresh": gettext("Refresh"),
        "select": gettext("Select %(what)s"),
        "service": gettext("Service"),
    }
