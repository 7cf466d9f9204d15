"""Whatever people read can be translated, and is in English until they choose otherwise."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from dashboard.components import values
from tests import messages
from tests.unmarked import unmarked
from tests.unmarked_python import unmarked_in_python

TEMPLATES = messages.ROOT / "templates"

pytestmark = pytest.mark.once


def test_every_text_of_every_template_is_marked_for_translation():
    found = [
        f"{path.relative_to(TEMPLATES)}: {text}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for text in unmarked(path.read_text())
    ]

    assert found == []


@pytest.mark.parametrize(
    ("template", "left"),
    [
        ("<p>Move <b>{{ name }}</b> to</p>", ["Move", "to"]),
        ('<a title="Its page{% if n %}, new{% endif %}">{{ n }}</a>', ["title: Its page , new "]),
        ('<input type="submit" value="Send">', ["value: Send"]),
        ('<p data-lost="Connection lost">{{ n }}</p>', ["data-lost: Connection lost"]),
        ('{{ n|default:"none" }}{% include "a.html" with title="My rows" %}', ["none", "My rows"]),
        ("{% blocktranslate %}{{ n }} of{% endblocktranslate %} all", ["all"]),
        (
            '{# Why #}{% translate "Move" %} <kbd>J</kbd> <code>status:</code> {{ n|date:"j F" }}'
            '<a class="button wide" title="{% translate "Its page" %}">{{ n|default:_("none") }}'
            '{% if a == "failed" %}{% icon "arrow" %}{% endif %}{{ n|counted:"row,rows" }}',
            [],
        ),
    ],
)
def test_a_text_that_is_not_marked_is_found(template, left):
    assert list(unmarked(template)) == left


def test_scripts_hold_no_sentence_of_their_own():
    """What they say comes with the page: dashboard.frame.script_texts."""
    said = re.compile(r"""["`'](?:[A-Z][a-z]+(?: [^"`']*)?["`']|[^"`']*\$\{[^}]*\} [a-z]+["`'])""")
    keys = {"Enter", "Escape", "Home", "End", "Tab", "Space", "Origin"}

    found = [
        f"{path.name}: {match[0]}"
        for path in sorted((messages.ROOT / "static").glob("*.js"))
        for match in said.finditer(path.read_text())
        if match[0][1:-1] not in keys
    ]

    assert said.search('say("announce", "Nothing selected")')
    assert said.search("words = `${number} selected`")
    assert found == []


def test_what_pages_show_of_modules_by_its_name_is_marked_for_translation():
    dashboard = messages.ROOT / "dashboard"
    found = [
        f"{path.relative_to(dashboard)}: {text}"
        for path in sorted(dashboard.rglob("*.py"))
        if not {"management", "migrations", "styleguide"} & set(path.parts)
        for text in unmarked_in_python(path.read_text())
    ]

    assert found == []


def test_a_text_of_a_module_that_is_not_marked_is_found():
    module = """
class Form:
    button = "Move"
    name = forms.CharField(label=_("Name"), help_text="As staff read it.")

COLUMN = Column("site", "Site", cell, kind="place", label=f"{site}")
messages.info(request, f"{run} ends.")
raise Http404(_("Nothing of id %(id)s") % {"id": id_})
zone = models.CharField(help_text="of the agency")
"""

    assert sorted(unmarked_in_python(module)) == [" ends.", "As staff read it.", "Move", "Site"]


def test_the_catalogues_hold_every_text_and_are_compiled():
    texts = list(messages.every_text())
    languages = messages.catalogues()

    assert [po.parts[-3] for po in languages] == ["en"]
    for po in languages:
        held = messages.held_in(po)
        # Where they stand in the file may differ after a merge, and which files have them.
        wanted = {(message.id, message.context) for message in messages.catalogue("en", texts)}
        there = {(message.id, message.context) for message in held}
        assert wanted - there == set(), "make messages writes them"
        assert there - wanted == set(), "make messages takes them out"
        made = messages.catalogue(po.parts[-3], texts, held)
        assert po.with_suffix(".mo").read_bytes() == messages.as_mo(made), (
            "make messages compiles it"
        )


def test_texts_are_found_where_they_stand_and_translations_stay(tmp_path, settings):
    template = """<p title="{% translate 'Move' %}">{{ n|default:_("none") }}
        {{ n|counted:"row,rows" }}
        {% blocktranslate count n=n trimmed with who=who %}
            {{ n }} row of {{ who }}{% plural %}{{ n }} rows of {{ who }}
        {% endblocktranslate %}{% translate "Open" context "verb" %}</p>"""
    module = b'gettext_lazy("Site"); counted(n, "site", "sites"); pgettext("state", "Open")'
    texts = [*messages.texts_of_template(template), *messages.texts_of_python(module)]

    made = messages.catalogue("lt", texts)
    made.get("Move").string = "Perkelti"
    made.get("site").string = ("svetainė", "svetainės", "svetainių")
    po = tmp_path / "lt" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_bytes(messages.as_po(made))
    again = messages.catalogue("lt", texts, messages.held_in(po))
    po.with_suffix(".mo").write_bytes(messages.as_mo(again))

    assert {message.id for message in made if message.id} == {
        *("Move", "none", "Open", "Site", ("row", "rows"), ("site", "sites")),
        ("%(n)s row of %(who)s", "%(n)s rows of %(who)s"),
    }
    assert messages.as_po(again) == po.read_bytes()
    assert messages.as_mo(again) != messages.as_mo(messages.catalogue("lt", texts))
    settings.LOCALE_PATHS = [tmp_path]
    with translation.override("lt"):
        assert translation.gettext("Move") == "Perkelti"
        assert values.counted(5, "site", "sites") == "5 svetainės"
        assert values.counted(10, "site", "sites") == "10 svetainių"
    assert values.counted(5, "site", "sites") == "5 sites"


@pytest.mark.django_db
def test_pages_and_errors_are_in_english_whatever_the_browser_asks_for(client):
    asked = {"accept-language": "de-DE,de;q=0.9", "cookie": "django_language=de"}

    page = client.post(reverse("login"), {"username": ""}, headers=asked)

    assert '<html lang="en"' in page.text
    assert page.context["form"].errors["username"] == ["This field is required."]
