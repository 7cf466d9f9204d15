"""Wix's key is on no page and in no file, even where Wix itself repeats it."""

import pytest

from resellers import breaker, notes
from resellers.models import OperationAttempt
from tests import worlds

KEY = "IST.a-key-that-must-never-be-seen"
LISTS = ("accounts", "packages", "instances", "sites", "operations", "failures", "mirror")
REPORTS_PAGE = "/reports/"


@pytest.fixture
def key_in_answers(db, settings):
    """Records whose raw answers repeat our key, under telling names and under plain ones."""
    settings.WIX_API_KEY = KEY
    raw = {"authorization": KEY, "note": f"sent with {KEY}", "deep": [{"x": KEY}]}
    package = worlds.package(raw=raw)
    service = worlds.instance(package, status="FAILED", raw=raw)
    operation = worlds.operation(service, state="needs_attention")
    OperationAttempt.objects.create(operation=operation, fence=1, step="assign", writes=True)
    notes.add_note(service, "a note", by=operation.requested_by)
    breaker.pause_writes("Wix does not accept the key.")
    return operation


@pytest.mark.once
def test_the_key_is_on_no_page_and_in_no_file(admin, key_in_answers):
    service = key_in_answers.instance
    records = (service, service.package, service.account)
    addresses = ["/", "/search/?q=a", REPORTS_PAGE, "/doctor/", key_in_answers.get_absolute_url()]
    addresses += [f"/{noun}/" for noun in LISTS]
    addresses += [f"/{noun}/export.csv" for noun in LISTS]
    addresses += [f"{REPORTS_PAGE}{report.name}/export.csv" for report in _reports(admin)]
    for record in records:
        links = [link for _, link, _ in admin.get(record.get_absolute_url()).context["tabs"]]
        addresses += links

    seen_blanked = 0
    for address in addresses:
        answer = admin.get(address)
        assert answer.status_code == 200, address
        content = b"".join(answer) if answer.streaming else answer.content
        assert KEY.encode() not in content, address
        seen_blanked += content.count(b"(not shown)")

    assert len(addresses) > 25
    assert seen_blanked == 3 * 2  # three places in what Wix said, of the package and the service


def _reports(client):
    return client.get(REPORTS_PAGE).context["reports"]
