"""The one style sheet, its icons, and the colours in it."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from dashboard.components.icons import SERVICE_TYPES, icon, service_icon

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[3]
SPRITE = (ROOT / "static" / "icons.svg").read_text()
DRAWN = re.findall(r'<symbol id="([\w-]+)" viewBox="0 0 16 16">', SPRITE)


def test_every_part_is_in_the_one_style_sheet_tokens_first_and_paper_last():
    whole = Path(finders.find("app.css")).read_text()
    parts = {part.stem: part.read_text() for part in (ROOT / "static" / "css").glob("*.css")}

    places = {name: whole.index(text) for name, text in parts.items()}

    assert sorted(places, key=places.__getitem__)[:2] == ["tokens", "base"]
    assert sorted(places, key=places.__getitem__)[-2:] == ["touch", "print"]
    assert len(whole) == sum(map(len, parts.values()))


def test_collected_the_style_sheet_is_one_file_too():
    collected = [
        path for finder in finders.get_finders() for path, _ in finder.list(["css/*", "css"])
    ]

    assert [path for path in collected if path.endswith(".css")] == ["app.css"]


def test_a_page_asks_for_one_style_sheet(client, db):
    page = client.get("/login/").content.decode()

    assert re.findall(r'<link rel="stylesheet" href="([^"]+)"', page) == ["/static/app.css"]


def test_every_icon_that_is_asked_for_is_drawn():
    templates = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    code = "".join(path.read_text() for path in (ROOT / "dashboard").rglob("*.py"))
    asked = {
        *re.findall(r'\{% icon "([\w-]+)"', templates),
        *re.findall(r'\bicon\("([\w-]+)"', code),
        *SERVICE_TYPES.values(),
    }

    assert asked <= set(DRAWN)
    assert len(DRAWN) == len(set(DRAWN))


def test_an_icon_comes_from_the_sprite_and_is_silent():
    assert icon("home") == (
        '<svg class="icon" aria-hidden="true"><use href="/static/icons.svg#home"/></svg>'
    )


@pytest.mark.parametrize(
    ("service_type", "name"),
    [
        *[("Premium plan", "plan"), ("PREMIUM_PLAN", "plan"), ("Business mail", "mail")],
        *[("Domain", "domain"), ("Online shop", "shop"), ("SEO", "trend"), ("", "box")],
        ("Something new", "box"),
    ],
)
def test_a_service_shows_what_kind_it_is(service_type, name):
    assert f"#{name}" in service_icon(service_type)


def test_the_title_of_a_service_icon_says_its_type_safely():
    assert 'title="&lt;b&gt;"' in service_icon("<b>")


def test_each_component_is_styled_in_one_file():
    """Two that share a class would each change what the other looks like."""
    homes: dict[str, set[str]] = {}
    for part in (ROOT / "static" / "css").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", part.read_text(), flags=re.DOTALL)
        # What holds on a narrow screen or on paper may stand with the screen or the paper.
        always = re.sub(r"@[^{;]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", text)
        for selectors in re.findall(r"([^{}]+)\{[^{}]*\}", always):
            for selector in re.sub(r"\([^()]*\)", "()", selectors).split(","):
                if re.fullmatch(r"\.[\w-]+", selector.strip()):
                    homes.setdefault(selector.strip(), set()).add(part.stem)

    assert len(homes) > 100
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


def _tokens() -> dict[str, tuple[str, str]]:
    text = (ROOT / "static" / "css" / "tokens.css").read_text()
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", text)
    return {name: (light, dark) for name, light, dark in found}


def _brightness(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_brightness(one), _brightness(other)))
    return (high + 0.05) / (low + 0.05)


TONES = ("good", "look", "bad", "under-way", "ended")
SURFACES = ("ground", "panel", "sunk", "hover", "raised")
TEXT_PAIRS = [
    *[(ink, surface) for ink in ("ink", "ink-2", "ink-3") for surface in (*SURFACES, "selected")],
    *[("accent", surface) for surface in (*SURFACES, "selected", "accent-soft")],
    *[("on-accent", "accent"), ("on-accent", "accent-hover"), ("ink", "accent-soft")],
    *[(tone, f"{tone}-soft") for tone in TONES],
    *[(tone, surface) for tone in TONES for surface in ("ground", "panel", "hover", "raised")],
    *[(ink, f"{tone}-soft") for ink in ("ink", "ink-2") for tone in TONES],
]
SHAPE_PAIRS = [
    *[(f"{tone}-fill", "panel") for tone in TONES],
    *[("control", surface) for surface in ("panel", "ground")],
]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(theme):
    tokens = _tokens()

    faint = {
        pair: round(contrast, 2)
        for pair in TEXT_PAIRS
        if (contrast := _contrast(*(tokens[name][theme] for name in pair))) < 4.5
    }

    assert faint == {}


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_bars_and_the_edges_of_fields_stand_out(theme):
    tokens = _tokens()

    faint = {
        pair: round(contrast, 2)
        for pair in SHAPE_PAIRS
        if (contrast := _contrast(*(tokens[name][theme] for name in pair))) < 3
    }

    assert faint == {}


@pytest.mark.parametrize(
    ("role", "demo", "status"),
    [("admin", False, 200), ("manager", False, 403), ("viewer", True, 200)],
)
def test_the_style_guide_is_for_admins_and_in_the_demo_for_everybody(
    log_in, settings, role, demo, status
):
    settings.DEMO = demo

    assert log_in(role).get("/styleguide/").status_code == status
