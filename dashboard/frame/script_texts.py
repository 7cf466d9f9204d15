"""What the scripts say, in the page's language: they hold no words of their own.

`static/app.js` reads them from the page. `%s` is where a value goes.
"""

import json
from functools import cache

from django.utils.translation import get_language, gettext, ngettext

# A number for each plural that `Intl.PluralRules` knows, of which every language takes some.
PLURALS = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}


def script_texts() -> str:
    """All of them as JSON."""
    return _texts(get_language())


@cache
def _texts(language: str | None) -> str:
    texts = {
        "ago": gettext("%s ago"),
        "copied": gettext("Copied"),
        "days": _forms("%s day", "%s days"),
        "for": gettext("for %s"),
        "hours": gettext("%s h"),
        "in": gettext("in %s"),
        "menu": {"full": gettext("Collapse"), "rail": gettext("Expand")},
        "minutes": gettext("%s min"),
        "noAnswer": gettext(
            "The server could not answer. What you see may be out of date; reload the page."
        ),
        "noCopy": gettext("The browser does not let this page copy."),
        "nothingSelected": gettext("Nothing selected"),
        "notSelected": gettext("Not selected"),
        "pageAge": gettext("This page is %s old."),
        "results": _forms("%s result", "%s results"),
        "seconds": gettext("%s s"),
        "selected": gettext("Selected"),
        "slow": gettext("The server took too long to answer. Trying again may help."),
        "someSelected": gettext("%s selected"),
    }
    return json.dumps(texts, separators=(",", ":"), ensure_ascii=False)


def _forms(one: str, many: str) -> dict[str, str]:
    forms = {name: ngettext(one, many, number) for name, number in PLURALS.items()}
    return {name: form for name, form in forms.items() if name == "other" or form != forms["other"]}
