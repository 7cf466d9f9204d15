"""Who is mentioned in what somebody writes: `@lena` means the colleague of that username."""

import re
from collections.abc import Iterator

from django.contrib.auth.models import User
from django.db.models.functions import Lower

MOST = 50  # looked for in one text
_NAME = re.compile(r"(?<![\w@.+-])@([\w.@+-]{1,150})")


def mentioned(text: str) -> list[str]:
    """The usernames that the text mentions, of active colleagues, each once; one query at most.

    Letter case does not count, nor do the signs behind a name that end a sentence.
    """
    written = dict.fromkeys(name for found in _NAME.findall(text) for name in _names(found))
    if not written:
        return []
    people = User.objects.filter(is_active=True).annotate(folded=Lower("username"))
    among = people.filter(folded__in=list(written)[:MOST])
    return list(among.order_by("username").values_list("username", flat=True))


def _names(written: str) -> Iterator[str]:
    yield written.lower()
    yield written.rstrip(".-+@_").lower()
