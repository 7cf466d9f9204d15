"""Programs that read with somebody's token."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from resellers import tokens
from resellers.models import PersonalToken

API = "/api/v1/"


class Caller:
    """A program with a token of this person."""

    def __init__(self, person: User, name: str = "nightly report", days: int = 90) -> None:
        self.token: PersonalToken
        self.token, self.text = tokens.make(person, name, days)
        self.client = Client(headers={"Authorization": f"Bearer {self.text}"})

    def get(self, address: str, asked: Mapping[str, Any] | None = None) -> Any:
        """The answer at this address below the API's, or at one that an answer has named."""
        path = address if "/" in address and address.startswith("http") else f"{API}{address}"
        return self.client.get(path, asked)

    def every(self, name: str, asked: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """All records that answer, page after page."""
        found, answer = [], self.get(name, asked)
        while True:
            assert answer.status_code == 200, answer.content
            page = answer.json()
            found += page["items"]
            if not page["next"]:
                return found
            answer = self.get(page["next"])
