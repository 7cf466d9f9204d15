"""What the tests of timelines share: rows of a while ago, and how their lines read."""

import re
from datetime import timedelta
from html import unescape

from django.utils import timezone

from resellers.models import Change, Operation, SyncRun
from tests import worlds

NOW = timezone.now().replace(microsecond=123456)
DAYS = 24 * 60  # in minutes


def text(answer) -> str:
    main = re.search(r"<main.*?</main>", answer.content.decode(), re.DOTALL)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def timeline_of(client, record, **query):
    answer = client.get(record.get_absolute_url(), {"tab": "timeline", **query})
    assert answer.status_code == 200
    return answer


def plain(what) -> str:
    """The words of a line, without links and times on hover."""
    return unescape(re.sub(r"<[^>]+>", "", what))


def change(service, minutes, **fields):
    about = {"account": service.account, "package": service.package, "instance": service}
    return Change.objects.create(at=NOW - timedelta(minutes=minutes), **(about | fields))


def at(row, minutes):
    """The row, moved to so many minutes ago."""
    fields = {Operation: "requested_at", SyncRun: "finished_at"}
    field = fields.get(type(row), "at")
    type(row).objects.filter(pk=row.pk).update(**{field: NOW - timedelta(minutes=minutes)})
    return row


def walk(client, record, **query) -> list[str]:
    """The lines of all pages, by way of Older."""
    answer = timeline_of(client, record, **query)
    titles: list[str] = []
    for _ in range(20):
        page = answer.context["timeline"]
        for entry in page.entries:
            titles += [
                f"{entry.kind} {what} {entry.text}" for what in (plain(entry.what), *entry.more)
            ]
        if not page.older:
            return titles
        answer = client.get(page.older)
        assert answer.status_code == 200
    raise AssertionError("the timeline has no end")


def ended(service, asked, finished, **fields):
    """An operation that was asked for and ended so many minutes ago."""
    operation = worlds.operation(
        service, finished_at=NOW - timedelta(minutes=finished), **({"state": "failed"} | fields)
    )
    return at(operation, asked)
