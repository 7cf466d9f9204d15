"""Somebody of staff at a flow, by its pages."""

from typing import Any
from uuid import uuid4

from resellers.flows import deciding
from resellers.models import Flow
from tests.dashboard.submitting import hidden_fields, text


class Guided:
    """One person at one flow of that kind."""

    def __init__(self, kind: str, client: Any, run_due: Any) -> None:
        self.kind, self.client, self.run_due = kind, client, run_due

    def begin(self, **answers: str) -> Any:
        sent = {**answers, "request_id": str(uuid4())}
        answer = self.client.post(f"/flows/new/{self.kind}/", sent)
        if answer.status_code == 302:
            self.flow = Flow.objects.latest("pk")
            self.run_due()
        return answer

    @property
    def step(self) -> str:
        return self.flow.steps.get(state="current").name

    @property
    def page(self) -> str:
        return text(self.client.get(self.flow.get_absolute_url()))

    def answer(self, **answers):
        path = f"{self.flow.get_absolute_url()}answer/"
        answer = self.client.post(path, {"step": self.step, **answers})
        self.run_due()
        return answer

    def confirm(self) -> None:
        page = self.client.get(self.flow.get_absolute_url())
        path = f"{self.flow.get_absolute_url()}confirm/"
        assert self.client.post(path, hidden_fields(page, "confirm")).status_code == 302
        self.run_due()
        self.flow.refresh_from_db()

    def look(self) -> None:
        deciding.look_now(self.flow, by=self.client.user)
        self.run_due()
        self.flow.refresh_from_db()
