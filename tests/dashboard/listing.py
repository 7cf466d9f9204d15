"""What the tests of lists share: rows to list, and reading a list's answer."""

import re
from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone

from tests import worlds

LISTS = ("/accounts/", "/packages/", "/instances/", "/sites/")
PART = {"HX-Request": "true", "HX-Target": "list"}
RESTORE = {"HX-Request": "true", "HX-History-Restore-Request": "true"}


def rows(answer: HttpResponse) -> list[str]:
    """The HTML of the table's rows."""
    body = re.search(r"<tbody>(.*?)</tbody>", answer.content.decode(), re.DOTALL)
    return re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL) if body else []


def fill(number: int) -> None:
    """So many accounts, each with one package, one site and one service."""
    plan = worlds.product()
    for place in range(number):
        package = worlds.package(worlds.account(f"Customer {place:03}"))
        worlds.instance(package, product=plan, created_at=timezone.now() - timedelta(days=place))
