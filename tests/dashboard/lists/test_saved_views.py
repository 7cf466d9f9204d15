"""Saved views: what a list is asked for, kept under a name, for one person or more."""

import re

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.models import DefaultView, SavedView
from resellers.models import AuditEntry
from tests import worlds
from tests.dashboard.listing import EVERY_LIST, PART, fill, rows, table
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ASKED = "status=FAILED&status=PENDING&sort=created&columns=service%2Cstatus"


def save(client, name="Troubles", *, query=ASKED, audience="mine", address="/instances/", **more):
    sent = {"name": name, "query": query, "audience": audience, **more}
    return client.post(f"{address}views/", sent)


def saved(client, name="Troubles", **more) -> SavedView:
    assert save(client, name, **more).status_code == 302
    return SavedView.objects.get(name=name)


def change(client, view, **sent):
    return client.post(f"/{view.noun}/views/{view.pk}/", {"query": "", **sent})


def tabs(answer) -> list[str]:
    return [tab.label for tab in answer.context["page"].tabs.every]


def current(answer) -> str:
    [label] = [tab.label for tab in answer.context["page"].tabs.every if tab.is_current]
    return label


def asked(answer) -> tuple:
    query = answer.context["page"].query
    return query.texts, query.sort_key, [column.key for column in query.columns]


@pytest.fixture
def colleague(db) -> Client:
    """Somebody of another role than the viewer's."""
    client = Client()
    client.force_login(worlds.user("operator", "colleague"))
    return client


@pytest.fixture
def teammate(db) -> Client:
    """Another viewer."""
    client = Client()
    client.force_login(worlds.user("viewer", "teammate"))
    return client


# --- keeping and opening -------------------------------------------------------------------------


def test_a_view_keeps_filters_order_and_columns_and_its_address_opens_it(viewer):
    fill(3)
    worlds.instance(status="FAILED")

    answer = save(viewer)
    opened = viewer.get(answer["Location"])

    view = SavedView.objects.get()
    assert answer["Location"] == f"/instances/?view={view.pk}"
    assert asked(opened) == asked(viewer.get(f"/instances/?{ASKED}"))
    assert len(rows(opened)) == 1
    assert current(opened) == "Troubles"
    assert opened.context["page"].query.address == f"/instances/?view={view.pk}"
    [row] = table(viewer.get(opened.context["page"].export_link + "&profile=machine"))
    assert row["status"] == "FAILED"


def test_what_is_kept_is_what_was_seen_also_where_columns_are_the_persons_own(viewer, colleague):
    viewer.post("/instances/columns/", {"columns": ["service", "expires"], "query": ""})

    view = saved(viewer, query="status=FAILED", audience="everyone")

    assert asked(colleague.get(f"/instances/?view={view.pk}")) == (
        {"status": ["FAILED"]},
        "-created",
        ["service", "expires"],
    )


def test_a_declared_view_is_a_tab_with_its_figure_and_so_is_a_saved_one_once_counted(viewer):
    worlds.instance(status="FAILED")
    worlds.instance(status="AWAITING_ACTION")
    view = saved(viewer, query="status=FAILED")

    figures = viewer.get("/instances/facets/?account=00000000-0000-4000-8000-000000000000")
    page = viewer.get("/instances/?status=AWAITING_ACTION&status=FAILED")

    counted = {tab.label: tab.count for tab in figures.context["page"].tabs.every}
    assert counted == {
        "All": 2,
        "Needs a look": 2,
        "Failed": 1,
        "Floating": 0,
        "Expiring in 30 days": 0,
        "Troubles": 1,
    }
    assert current(page) == "Needs a look"
    assert f'href="/instances/?view={view.pk}"' in page.content.decode()


def test_the_figures_of_many_views_take_no_more_statements_than_those_of_one(viewer):
    def statements(path):
        with CaptureQueriesContext(connection) as captured:
            viewer.get(path)
        return len(captured)

    paths = ("/instances/", "/instances/facets/")
    saved(viewer)
    few = [statements(path) for path in paths * 2][2:]
    for place in range(12):
        save(viewer, f"View {place}", query=f"q=word{place}")

    assert [statements(path) for path in paths] == few


def test_from_a_view_one_goes_on_and_sees_that_it_was_changed(viewer):
    fill(60)
    view = saved(viewer, query="sort=created")
    page = viewer.get(f"/instances/?view={view.pk}", headers=PART).context["page"]

    second = viewer.get(page.next_link)
    narrowed = viewer.get(page.query.url(status=["ENABLED"]))
    back = viewer.get(narrowed.context["page"].query.url(status=[]))

    assert f"view={view.pk}&after=" in page.next_link
    assert "Changed since" not in second.content.decode()
    assert len(rows(second)) == 10
    assert current(narrowed) == "Troubles"
    assert "Changed since “Troubles” was saved." in text(narrowed)
    assert back.context["page"].query.address == f"/instances/?view={view.pk}"
    assert "Changed since" not in back.content.decode()


def test_what_was_changed_is_kept_with_it_or_as_another_one(viewer):
    view = saved(viewer, query="status=FAILED")
    page = viewer.get(f"/instances/?view={view.pk}&status=PENDING", headers=PART).context["page"]

    updated = change(viewer, view, update="1", query=page.query.query_string)
    other = save(viewer, "Pending ones", query=page.query.query_string)

    assert viewer.get(updated["Location"], headers=PART).context["page"].query.texts == {
        "status": ["PENDING"]
    }
    assert viewer.get(other["Location"], headers=PART).context["page"].query.texts == {
        "status": ["PENDING"]
    }
    assert SavedView.objects.count() == 2


def test_words_typed_within_a_view_change_it_and_clearing_them_asks_for_everything(viewer):
    view = saved(viewer, query="status=FAILED")
    box = viewer.get(f"/instances/?view={view.pk}", headers=PART).context["page"].words_box
    hidden = dict(box.hidden_fields)

    typed = viewer.get("/instances/", {**hidden, "q": "status:pending"}, headers=PART)
    cleared = viewer.get("/instances/", {**hidden, "q": ""}, headers=PART)

    assert hidden["view"] == str(view.pk)
    assert typed.context["page"].query.texts == {"status": ["PENDING"]}
    assert current(typed) == "Troubles"
    assert cleared.context["page"].query.texts == {}


# --- the default ---------------------------------------------------------------------------------


def test_a_bare_address_opens_ones_default_and_all_rows_stay_in_reach(viewer, colleague):
    fill(2)
    worlds.instance(status="FAILED")
    view = saved(viewer, query="status=FAILED", audience="everyone", default="1")

    bare, part = viewer.get("/instances/"), viewer.get("/instances/", headers=PART)
    all_rows = next(tab.link for tab in bare.context["page"].tabs.every if tab.label == "All")

    assert bare.status_code == 200
    assert len(rows(bare)) == 1
    assert f'data-address="/instances/?view={view.pk}"' in bare.content.decode()
    assert part["HX-Push-Url"] == f"/instances/?view={view.pk}"
    assert all_rows == "/instances/?view=all"
    assert len(rows(viewer.get(all_rows))) == 3
    assert viewer.get(all_rows, headers=PART).context["page"].query.address == all_rows
    assert len(rows(colleague.get("/instances/"))) == 3
    assert len(table(viewer.get("/instances/export.csv?profile=machine"))) == 3
    assert len(rows(viewer.get("/instances/?q=Customer"))) == 2


def test_a_default_is_chosen_and_given_up_by_whoever_sees_the_view(viewer, colleague):
    shared = saved(viewer, "Shared", query="status=FAILED", audience="everyone")
    other = saved(viewer, "Other", query="status=PENDING", audience="everyone")

    change(colleague, shared, default="1")
    change(colleague, other, default="1")

    assert current(colleague.get("/instances/")) == "Other"
    assert current(viewer.get("/instances/")) == "All"
    change(colleague, other, no_default="1")
    assert current(colleague.get("/instances/")) == "All"
    assert not DefaultView.objects.exists()


# --- others --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("audience", "seen_by"),
    [("mine", set()), ("team", {"teammate"}), ("everyone", {"teammate", "colleague"})],
)
def test_a_view_is_seen_by_whom_it_is_shared_with(viewer, colleague, teammate, audience, seen_by):
    view = saved(viewer, query="status=FAILED", audience=audience)
    address = f"/instances/?view={view.pk}"

    for name, client in (("colleague", colleague), ("teammate", teammate)):
        answer = client.get(address)
        export = client.get(f"/instances/export.csv?view={view.pk}")
        sees = name in seen_by
        assert ("Troubles" in tabs(answer)) == sees
        assert (answer.status_code, export.status_code) == ((200, 200) if sees else (422, 422))
        if sees:
            assert answer.context["page"].query.texts == {"status": ["FAILED"]}
        else:
            assert "This view is gone, or it is private to the person who made it." in text(answer)
            assert rows(answer) == []
            assert change(client, view, name="Mine now", audience="mine").status_code == 404


def test_a_team_is_also_a_group_that_two_roles_share(viewer, colleague):
    bakers = Group.objects.create(name="Bakers")
    view = saved(viewer, audience="team")
    assert "Troubles" not in tabs(colleague.get("/instances/"))

    for person in (view.made_by, type(view.made_by).objects.get(username="colleague")):
        person.groups.add(bakers)

    assert "Troubles" in tabs(colleague.get("/instances/"))


@pytest.mark.parametrize("number", ["999", "x", "-1", "1e3", "０", "%00"])
def test_a_view_that_is_gone_is_said_so(viewer, number):
    answer = viewer.get(f"/instances/?view={number}")

    assert answer.status_code == 422
    assert "This view is gone" in text(answer)


def test_a_view_of_another_list_is_none_of_this_one(viewer):
    view = saved(viewer)

    assert viewer.get(f"/packages/?view={view.pk}").status_code == 422
    assert viewer.post(f"/packages/views/{view.pk}/", {"delete": "1"}).status_code == 404


def test_only_its_maker_changes_a_view_and_managers_everyones(viewer, teammate, colleague, manager):
    teams = saved(viewer, "Team's", audience="team")
    everyones = saved(viewer, "Everyone's", audience="everyone")

    for client in (teammate, colleague):
        assert change(client, everyones, name="Mine", audience="mine").status_code == 403
        assert change(client, everyones, update="1").status_code == 403
        assert change(client, everyones, delete="1").status_code == 403
    assert change(teammate, teams, delete="1").status_code == 403
    assert change(manager, teams, delete="1").status_code == 404
    assert change(manager, everyones, name="Ours", audience="everyone").status_code == 302
    assert "Rename and share" not in teammate.get(f"/instances/?view={teams.pk}").content.decode()
    assert set(SavedView.objects.values_list("name", flat=True)) == {"Team's", "Ours"}


def test_a_view_is_renamed_shared_and_deleted(viewer, teammate):
    view = saved(viewer)

    change(viewer, view, name="  Needs us ", audience="team")
    change(teammate, view, default="1")
    assert current(teammate.get("/instances/")) == "Needs us"
    page = viewer.get(f"/instances/?view={view.pk}").content.decode()
    assert "It is gone for good, for everybody who sees it." in page
    answer = change(viewer, view, delete="1")

    assert answer["Location"] == "/instances/"
    assert not SavedView.objects.exists()
    assert current(teammate.get("/instances/")) == "All"
    events = AuditEntry.objects.filter(event__startswith="view.").order_by("seq")
    assert [(one.event, one.body["name"]) for one in events] == [
        ("view.saved", "Troubles"),
        ("view.changed", "Needs us"),
        ("view.deleted", "Needs us"),
    ]
    assert events[1].body["before"] == {"name": "Troubles", "audience": "mine"}
    assert events[0].body["asks"].startswith("status=FAILED&status=PENDING&")


# --- what cannot be ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Give it a name."),
        (" \u200b ", "Give it a name."),
        ("x" * 41, "At most 40 characters; this has 41."),
        ("line\nbreak", "Only visible characters"),
        ("\0", "Only visible characters"),
        ("Troubles", "There is a view called “Troubles” already: choose another name."),
    ],
)
def test_a_name_that_cannot_be_is_told_beside_its_field_and_nothing_is_lost(viewer, name, said):
    save(viewer)

    answer = save(viewer, name, query="q=bakery&status=FAILED")

    html = answer.content.decode()
    form = re.search(r'<form class="view-form" id="save-view".*?</form>', html, re.DOTALL)[0]
    assert answer.status_code == 422
    assert said in form
    assert 'aria-describedby="save-view-name-error"' in form
    assert "popover method" not in form
    assert answer.context["page"].query.texts == {"q": ["bakery"], "status": ["FAILED"]}
    assert SavedView.objects.count() == 1


def test_another_persons_name_for_a_view_is_free(viewer, colleague):
    saved(viewer, audience="everyone")

    assert save(colleague).status_code == 302
    assert tabs(colleague.get("/instances/")).count("Troubles") == 2


def test_thirty_views_of_a_list_are_enough(viewer):
    for place in range(30):
        saved(viewer, f"View {place}")

    answer = save(viewer, "One more")

    assert answer.status_code == 422
    assert "You keep 30 views of this list, the most there can be: delete one first." in text(
        answer
    )
    assert save(viewer, "One more", address="/packages/", query="").status_code == 302


def test_nobody_is_shared_with_by_chance(viewer):
    answer = save(viewer, audience="the-world")

    assert answer.status_code == 422
    assert "Choose who sees it." in text(answer)


def test_what_makes_no_sense_is_not_kept(viewer):
    assert save(viewer, query="age=eternal").status_code == 422
    assert not SavedView.objects.exists()


def test_a_column_or_filter_that_is_no_more_spoils_no_view(viewer):
    view = saved(viewer, query="status=FAILED&columns=service,status")
    view.parameters |= {"columns": ["weight,service"], "colour": ["red"]}
    view.save()

    answer = viewer.get(f"/instances/?view={view.pk}")

    assert asked(answer) == ({"status": ["FAILED"]}, "-created", ["service"])
    assert "Changed since" not in answer.content.decode()


@pytest.mark.parametrize("address", EVERY_LIST)
def test_every_list_keeps_views_and_only_by_a_post(manager, address):
    fill(1)

    refused = manager.get(f"{address}views/")
    answer = save(manager, address=address, query="")

    assert refused.status_code == 405
    assert answer.status_code == 302
    assert current(manager.get(answer["Location"])) == "Troubles"
