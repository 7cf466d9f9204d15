"""What a page meets when something it stands on is gone."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection


@contextmanager
def database_away() -> Iterator[None]:
    """Every statement fails as it does when the server is gone."""

    def refuse(*_: object) -> None:
        raise OperationalError("connection refused: secret-host:5432")

    with connection.execute_wrapper(refuse):
        yield
