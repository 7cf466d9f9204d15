"""What people make of what they see: notes on accounts, packages and services.

Every note is audited; none is ever changed or removed.
"""

from typing import TYPE_CHECKING

from django.db import transaction

from resellers import audit
from resellers.models import Account, Note, Package, ProductInstance
from resellers.storable import storable

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Subject = Account | Package | ProductInstance


def add_note(about: Subject, text: str, *, by: "User") -> Note:
    """Write a note on that record and return it.

    Raises ValueError for a text that is empty or longer than `Note.LONGEST`.
    """
    text = storable(text).strip()
    if not text or len(text) > Note.LONGEST:
        raise ValueError(f"a note has 1 to {Note.LONGEST} characters: {len(text)}")
    with transaction.atomic():
        note = Note(subject=subject_of(about), account=_account(about), text=text, by=by)
        if isinstance(about, ProductInstance):
            note.package, note.instance = about.package, about
        elif isinstance(about, Package):
            note.package = about
        note.save(force_insert=True)
        _record("note.added", note, by, text=text)
    return note


def pin(note: Note, *, by: "User") -> None:
    """Let this note head its record's page, in the place of the one that did."""
    with transaction.atomic():
        # Two people may pin at once: the account's row has them wait for each other.
        Account.objects.select_for_update(no_key=True).get(pk=note.account_id)
        Note.objects.filter(subject=note.subject, is_pinned=True).update(is_pinned=False)
        Note.objects.filter(pk=note.pk).update(is_pinned=True)
        _record("note.pinned", note, by)


def unpin(note: Note, *, by: "User") -> None:
    """Put the note back among the others."""
    with transaction.atomic():
        if Note.objects.filter(pk=note.pk, is_pinned=True).update(is_pinned=False):
            _record("note.unpinned", note, by)


def subject_of(about: Subject) -> str:
    """The record as a note names it, such as `package:ID`."""
    kinds = {Account: "account", Package: "package", ProductInstance: "instance"}
    return f"{kinds[type(about)]}:{about.pk}"


def _account(about: Subject) -> Account:
    return about if isinstance(about, Account) else about.account


def _record(event: str, note: Note, by: "User", **body: str) -> None:
    audit.record(
        event,
        by=by,
        account_id=note.account_id,
        instance_id=note.instance_id,
        body={"note": note.pk, "subject": note.subject, **body},
    )
