"""Whole requests over the large mirror, ours and those of Django's admin, without a network."""

from collections.abc import Callable
from typing import Any

# The page with session, user and all that stands around a list, and no row in it.
BARE = "/instances/?status=NO_SUCH_STATUS"


class Browser:
    """Somebody who may see everything, here and in the admin."""

    def __init__(self, name: str = "measuring") -> None:
        from django.test import Client

        import dashboard.wsgi  # noqa: F401  (what a server has loaded before anybody asks)
        from tests import worlds

        person = worlds.user("admin", name, is_staff=True, is_superuser=True)
        self._client = Client(headers={"host": "localhost"})
        self._client.force_login(person)

    def get(self, address: str, **headers: str) -> Any:
        """The answer, which is a page."""
        answer = self._client.get(address, headers=headers)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer

    def asks(self, address: str, **headers: str) -> Callable[[], Any]:
        """A request to be timed."""
        return lambda: self.get(address, **headers)

    def post(self, address: str, fields: dict[str, str] | None = None) -> Any:
        return self._client.post(address, fields)

    def far_down(self, list_: Any, key: str, rows: int) -> str:
        """The address of the page that begins behind so many rows of this order."""
        from django.http import QueryDict

        from dashboard.lists.keyset import Mark, sort, value_of
        from dashboard.lists.query import ListQuery

        query = ListQuery(list_, QueryDict(f"sort={key}"))
        found = sort(query.rows(), query.order)[rows : rows + 1]
        for row in found:
            value = value_of(row, query.order.path)
            return query.url(after=Mark(query.mark_source, value, row.pk, offset=rows).token)
        return query.url()


def statements(call: Callable[[], object]) -> int:
    """How many statements this asks of the database."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        call()
    words = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return sum(not query["sql"].startswith(words) for query in captured)
