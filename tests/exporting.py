"""What the tests of files made in the background share."""

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db.models.functions import Now
from django.test import Client

from resellers import exports
from resellers.clock import in_seconds
from resellers.models import ExportFile


class Killed(BaseException):
    """As if the process had been killed: nothing of ours catches it."""


def ask(client: Client, noun: str = "instances", query: str = "", **sent: Any) -> ExportFile:
    """Ask for a list's file as its page does."""
    fields = {"query": query, "request_id": str(uuid4()), "profile": "machine"} | sent
    answer = client.post(f"/{noun}/export/", fields)
    assert answer.status_code == 302, answer.content.decode()
    return ExportFile.objects.get(pk=re.search(r"/exports/(\d+)/", answer["Location"])[1])


def made(export: ExportFile) -> ExportFile:
    """The file as a worker leaves it."""
    exports.run(export.pk, seconds=60)
    export.refresh_from_db()
    return export


def again(export: ExportFile) -> None:
    """The time at which another process may go on: the lease of the last one has run out."""
    ExportFile.objects.filter(pk=export.pk).update(lease_until=in_seconds(-1), next_run_at=Now())


def body(answer: Any) -> bytes:
    """The file that is answered."""
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer.streaming_content)


def direct(client: Client, noun: str = "instances", query: str = "profile=machine") -> bytes:
    """The same list as its page exports it at once."""
    return body(client.get(f"/{noun}/export.csv?{query}"))


def on_disk() -> list[Path]:
    """The files that stand in the folder."""
    return sorted(Path(settings.EXPORTS_DIR).iterdir())
