"""Notes on accounts, packages and services: written once, shown where they belong, audited."""

import pytest

from resellers import audit, notes
from resellers.models import AuditEntry, Note
from tests import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NOUNS = ["account", "package", "instance"]


@pytest.fixture
def records(db):
    service = worlds.instance()
    return {"account": service.account, "package": service.package, "instance": service}


@pytest.mark.parametrize("noun", NOUNS)
def test_an_operator_writes_a_note_and_sees_it(operator, records, noun):
    record = records[noun]

    answer = operator.post(
        f"{record.get_absolute_url()}notes/",
        {"text": " Calls only\r\nin the morning "},
        follow=True,
    )

    assert answer.redirect_chain == [(f"{record.get_absolute_url()}?tab=notes", 302)]
    note = Note.objects.get()
    assert (note.text, note.by) == ("Calls only\nin the morning", operator.user)
    assert note.subject == f"{noun}:{record.pk}"
    assert "Calls only\nin the morning" in answer.content.decode()
    [entry] = AuditEntry.objects.filter(event="note.added")
    assert (entry.actor, entry.account_id) == (operator.user, records["account"].pk)
    assert entry.body["text"] == note.text
    assert list(audit.verify()) == []


def test_a_note_is_shown_on_every_page_above_its_own(viewer, operator, records):
    for noun, record in records.items():
        notes.add_note(record, f"about the {noun}", by=operator.user)

    seen = {
        noun: {
            note.text
            for note in viewer.get(record.get_absolute_url() + "?tab=notes").context["notes"]
        }
        for noun, record in records.items()
    }

    assert seen["account"] == {"about the account", "about the package", "about the instance"}
    assert seen["package"] == {"about the package", "about the instance"}
    assert seen["instance"] == {"about the instance"}


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Write something first."),
        (" \n ", "Write something first."),
        ("x" * 2001, "At most 2,000 characters; this has 2,001."),
        ("a\0b", "Null characters are not allowed."),
    ],
)
def test_an_empty_or_endless_note_is_refused_beside_the_field(operator, records, noun, text, words):
    answer = operator.post(f"{records[noun].get_absolute_url()}notes/", {"text": text})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'<p class="error" id="note-error">{words}</p>' in html
    assert text.strip().replace("\0", "") in html.replace("\0", "")
    assert not Note.objects.exists()


def test_two_thousand_characters_are_enough_however_lines_end(operator, records):
    text = "x\r\n" * 1000

    answer = operator.post(f"{records['account'].get_absolute_url()}notes/", {"text": text})

    assert answer.status_code == 302
    assert len(Note.objects.get().text) == 1999


def test_the_domain_refuses_what_the_form_would(operator, records):
    for text in (" ", "x" * 2001):
        with pytest.raises(ValueError, match="a note has"):
            notes.add_note(records["account"], text, by=operator.user)


@pytest.mark.parametrize("noun", NOUNS)
def test_a_viewer_reads_notes_and_writes_none(viewer, operator, records, noun):
    record = records[noun]
    note = notes.add_note(record, "read me", by=operator.user)

    html = viewer.get(record.get_absolute_url(), {"tab": "notes"}).content.decode()

    assert "read me" in html
    assert "Add note" not in html
    for address in (
        f"{record.get_absolute_url()}notes/",
        f"/notes/{note.pk}/pin/",
        f"/notes/{note.pk}/unpin/",
    ):
        assert address not in html
        assert viewer.post(address, {"text": "x"}).status_code == 403
    assert Note.objects.get().is_pinned is False


def test_notes_are_for_posts_and_for_records_that_are(operator, client, records):
    record = records["account"]

    assert operator.get(f"{record.get_absolute_url()}notes/").status_code == 405
    assert client.post(f"{record.get_absolute_url()}notes/", {"text": "x"}).status_code == 302
    for text in ("x", ""):
        missing = f"/accounts/{worlds.new_id()}/notes/"
        assert operator.post(missing, {"text": text}).status_code == 404
    assert operator.post("/notes/999/pin/").status_code == 404
    assert not Note.objects.exists()


@pytest.mark.parametrize("noun", NOUNS)
def test_one_note_may_head_its_page(operator, records, noun):
    record = records[noun]
    first, second = (notes.add_note(record, word, by=operator.user) for word in ("one", "two"))

    for note in (first, second):
        operator.post(f"/notes/{note.pk}/pin/")

    assert list(Note.objects.filter(is_pinned=True)) == [second]
    for tab in ("", "timeline"):
        assert operator.get(record.get_absolute_url(), {"tab": tab}).context["pinned"] == second
    operator.post(f"/notes/{second.pk}/unpin/")
    assert operator.get(record.get_absolute_url()).context["pinned"] is None
    assert list(AuditEntry.objects.order_by("seq").values_list("event", flat=True))[-3:] == [
        "note.pinned",
        "note.pinned",
        "note.unpinned",
    ]


def test_notes_of_two_customers_never_mix(operator):
    mine, other = (worlds.instance() for _ in range(2))
    notes.add_note(mine, "of mine", by=operator.user)
    notes.add_note(other, "of the other", by=operator.user)

    for record in (mine, mine.package, mine.account):
        for tab in ("notes", "timeline"):
            html = operator.get(record.get_absolute_url(), {"tab": tab}).content.decode()
            assert "of mine" in html
            assert "of the other" not in html


def test_hostile_notes_are_shown_as_they_are(operator, records):
    notes.add_note(records["account"], "<script>alert(1)</script>", by=operator.user)
    operator.post(f"/notes/{Note.objects.get().pk}/pin/")

    for tab in ("", "notes", "timeline"):
        html = operator.get(records["account"].get_absolute_url(), {"tab": tab}).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_many_notes_are_capped_with_the_way_to_all_of_them(operator, records):
    for place in range(51):
        notes.add_note(records["account"], f"note {place}", by=operator.user)

    answer = operator.get(records["account"].get_absolute_url(), {"tab": "notes"})

    assert len(answer.context["notes"]) == 50
    assert "All 51 notes" in answer.content.decode()
