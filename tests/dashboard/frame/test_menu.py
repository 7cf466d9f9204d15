"""The menu at the side, how wide it is, and the menu of who is logged in."""

import re

import pytest
from django.contrib.auth.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PLACE = "/me/menu/"


def page(client) -> str:
    return client.get("/reports/").content.decode()


def test_the_menu_stays_as_narrow_as_it_was_made(viewer):
    assert "data-menu" not in page(viewer)

    answer = viewer.post(PLACE, {"menu": "rail"}, headers={"Referer": "http://x/sites/?q=a"})

    assert (answer.status_code, answer["Location"]) == (302, "/sites/?q=a")
    assert '<html lang="en" data-menu="rail">' in page(viewer)
    assert 'name="menu" value="full" title="Expand"' in page(viewer)


@pytest.mark.parametrize("width", ["", "wide", '"><script>', "rail; path=/"])
def test_no_other_width_is_kept_or_drawn(viewer, width):
    answer = viewer.post(PLACE, {"menu": width})
    assert answer.status_code == 422
    assert "menu" not in answer.cookies

    viewer.cookies["menu"] = "wide"

    assert '<html lang="en">' in page(viewer)


def test_the_theme_that_holds_is_marked_in_the_menu(viewer):
    viewer.post("/me/theme/", {"theme": "dark"})

    pressed = dict(re.findall(r'name="theme" value="(\w+)" aria-pressed="(\w+)"', page(viewer)))

    assert pressed == {"system": "false", "light": "false", "dark": "true"}
    assert '<html lang="en" data-theme="dark">' in page(viewer)


def test_the_menu_of_a_person_says_who_and_in_what_role(log_in):
    manager = log_in("manager")
    User.objects.update(first_name="Lena", last_name="Hartwig")

    html = page(manager)

    assert 'class="avatar huge" aria-hidden="true">LH<' in html
    assert "Lena Hartwig</b>" in html
    assert re.search(r'<small class="line">[\w.]+, manager</small>', html)
    assert 'href="/me/"' in html


@pytest.mark.parametrize(
    ("role", "entries"),
    [
        ("viewer", ["Products", "Sync"]),
        ("manager", ["Products", "Sync", "Audit log"]),
        ("admin", ["Products", "Sync", "Audit log", "People", "Settings", "Doctor"]),
    ],
)
def test_the_menu_has_what_this_role_may_open(log_in, role, entries):
    set_up = page(log_in(role)).partition("<h2>Set up</h2>")[2].partition("</ul>")[0]

    assert re.findall(r'class="label">([^<]+)<', set_up) == entries


def test_a_page_is_headed_as_the_menu_calls_it(admin):
    entry = re.compile(r'<a href="(/[^"?]*)"[^>]*>.*?class="label">([^<]+)<', re.DOTALL)
    menu = page(admin).partition('id="menu"')[2].partition("</nav>")[0]
    entries = dict(entry.findall(menu))

    headings = {}
    for place in entries:
        html = admin.get(place).content.decode()
        head = re.search(r"<h1[^>]*>([\w ]+\w)", html)
        title = re.search(r"<title>(.+?) · Reseller desk</title>", html)
        assert head[1] == title[1], place
        headings[place] = head[1]

    assert headings["/policy/"] == "Settings"
    assert headings == entries


def test_the_menu_says_how_many_float_and_the_oldest_for_how_long(viewer, monkeypatch):
    from datetime import timedelta

    from django.utils import timezone

    from tests import worlds

    worlds.instance(site=None, floating_since=timezone.now() - timedelta(days=20))

    entry = re.search(r'<a href="/instances/\?floating=1".*?</a>', page(viewer))[0]

    assert "20 days" in entry
    assert '<span class="count">1</span>' in entry
