"""How a file is written: its delimiter and its line breaks, chosen once and kept for a person."""

import csv
import io
import re

import pytest

from dashboard.models import CsvDialect
from tests import worlds
from tests.dashboard.listing import EVERY_LIST, PART, fill
from tests.dashboard.submitting import hidden_fields

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NAME = 'Bread; "Cake", Tea | Co\tand\r\nsons'


def text(answer) -> str:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def keep(client, address="/instances/", **dialect):
    return client.post(f"{address}dialect/", {"delimiter": "comma", "breaks": "kept", **dialect})


def export_link(answer) -> str:
    found = re.search(
        r'href="([^"]*export.csv[^"]*)"[^>]*>(?:<svg.*?</svg>)? ?Export CSV',
        answer.content.decode(),
    )
    assert found, "no link to the file"
    return found[1].replace("&amp;", "&")


@pytest.mark.parametrize(
    ("name", "sign"), [("comma", ","), ("semicolon", ";"), ("tab", "\t"), ("pipe", "|")]
)
def test_each_delimiter_divides_the_cells_and_no_name_is_torn_by_it(viewer, name, sign):
    worlds.account(NAME)

    file = text(viewer.get(f"/accounts/export.csv?q=Bread&delimiter={name}"))

    head, row = csv.reader(io.StringIO(file, newline=""), delimiter=sign)
    assert head[:2] == ["account_id", "account_name"]
    assert row[1] == NAME


def test_a_line_break_within_a_cell_can_be_a_space(viewer):
    worlds.account(NAME)

    file = text(viewer.get("/accounts/export.csv?q=Bread&breaks=space"))

    assert file.count("\r\n") == file.count("\n") == 2
    assert "Tea | Co\tand sons" in file


def test_a_trigger_behind_a_line_break_is_still_text(viewer):
    worlds.account("\n=1+1 Bakery")

    file = text(viewer.get("/accounts/export.csv?q=Bakery&breaks=space"))

    [_, row] = csv.reader(io.StringIO(file, newline=""))
    assert row[1].startswith("'")


def test_what_a_person_keeps_stands_in_their_links_alone(viewer, operator):
    fill(1)

    answer = keep(viewer, delimiter="semicolon", breaks="space")

    assert answer.status_code == 302
    assert export_link(viewer.get("/packages/?q=Customer")) == (
        "/packages/export.csv?q=Customer&delimiter=semicolon&breaks=space"
    )
    assert "delimiter=semicolon" in viewer.get("/reports/").content.decode()
    assert export_link(operator.get("/packages/")) == "/packages/export.csv"
    assert text(viewer.get(export_link(viewer.get("/sites/")))).startswith("site_id;account_id;")


def test_the_standard_is_said_by_nothing(viewer):
    fill(1)
    keep(viewer, delimiter="semicolon")

    keep(viewer)

    assert export_link(viewer.get("/instances/")) == "/instances/export.csv"


@pytest.mark.parametrize("address", EVERY_LIST)
def test_every_list_has_the_form_and_leads_back_to_itself(manager, address):
    query = hidden_fields(manager.get(address), f"{address}dialect/")["query"]

    answer = keep(manager, address, query=query, delimiter="tab")

    assert answer["Location"] == address
    assert CsvDialect.objects.get().delimiter == "tab"


@pytest.mark.parametrize("wrong", ["delimiter=colon", "breaks=none", "profile=excell"])
@pytest.mark.parametrize("address", ["/accounts/", "/reports/instances/"])
def test_a_file_in_no_dialect_is_words(viewer, address, wrong):
    answer = viewer.get(f"{address}export.csv?{wrong}")

    assert answer.status_code == 422
    assert "Choose one of" in answer.content.decode()


def test_nonsense_is_not_kept(viewer):
    answer = keep(viewer, delimiter="colon")

    assert answer.status_code == 422
    assert "Choose one of: comma, semicolon, tab, pipe." in answer.content.decode()
    assert not CsvDialect.objects.exists()


def test_who_may_take_nothing_away_has_nothing_to_choose(viewer):
    viewer.user.groups.clear()

    assert keep(viewer).status_code == 403


def test_htmx_gets_the_region_back(viewer):
    fill(1)

    answer = viewer.post(
        "/instances/dialect/",
        {"delimiter": "pipe", "breaks": "kept", "query": "q=Customer"},
        headers=PART,
        follow=True,
    )

    assert "<!doctype" not in answer.content.decode()
    assert export_link(answer) == "/instances/export.csv?q=Customer&delimiter=pipe"
