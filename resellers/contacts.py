"""The people behind registered domains: written down, changed, erased, taken away on purpose.

The audit trail tells who did what to which contact, and never a word of what stands in it.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from resellers import audit, wix
from resellers.countries import SUBDIVIDED
from resellers.models import OPEN_STATES, Account, Operation, RegistrantContact
from resellers.models.contacts import PERSONAL

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class InUse(Exception):
    """A registration that is under way needs the contact."""

    def __init__(self, operation: Operation) -> None:
        super().__init__(
            _("A registration that is under way needs this contact. Wait for its end.")
        )
        self.operation = operation


def of_account(account: Account) -> QuerySet[RegistrantContact]:
    """The customer's contacts that were not erased, the oldest first."""
    return account.contacts.filter(erased_at=None)


def lacks_part(contact: RegistrantContact) -> bool:
    """Whether it names no part of a country in which Wix registers nothing without one."""
    return contact.country_code in SUBDIVIDED and not contact.subdivision_code


def add(account: Account, values: Mapping[str, str], *, by: "User") -> RegistrantContact:
    """Write a contact of that customer down."""
    with transaction.atomic():
        contact = RegistrantContact.objects.create(account=account, added_by=by, **values)
        _record("contact.added", contact, by)
    return contact


def change(contact: RegistrantContact, values: Mapping[str, str], *, by: "User") -> bool:
    """Write these values on the contact; False where it has them already."""
    with transaction.atomic():
        locked = RegistrantContact.objects.select_for_update(no_key=True).get(
            pk=contact.pk, erased_at=None
        )
        changed = [name for name, value in values.items() if getattr(locked, name) != value]
        for name in changed:
            setattr(locked, name, values[name])
        if changed:
            locked.save(update_fields=changed)
            _record("contact.changed", contact, by, columns=changed)
    return bool(changed)


def erase(contact: RegistrantContact, *, by: "User") -> None:
    """Take all that tells of the person away, for good. Raises InUse."""
    with transaction.atomic():
        locked = RegistrantContact.objects.select_for_update(no_key=True).get(pk=contact.pk)
        wanted = Operation.objects.filter(
            kind="register_domain", state__in=OPEN_STATES, wish__contact_id=str(contact.pk)
        )
        if operation := wanted.first():
            raise InUse(operation)
        if locked.erased_at is None:
            rows = RegistrantContact.objects.filter(pk=contact.pk)
            rows.update(**dict.fromkeys(PERSONAL, ""), erased_at=Now(), erased_by=by)
            _record("contact.erased", contact, by)


def note_export(account: Account, number: int, *, by: "User") -> None:
    """Have the trail say who took this customer's contacts away."""
    body = {"contacts": number}
    audit.record("contacts.exported", by=by, account_id=account.pk, body=body)


def for_wix(contact: RegistrantContact) -> wix.Contact:
    """The contact as a registration sends it."""
    texts = {name: getattr(contact, name) for name in PERSONAL}
    return wix.Contact(**texts | {"subdivision_code": contact.subdivision_code or None})


def _record(event: str, contact: RegistrantContact, by: "User", **body: object) -> None:
    about = {"contact_id": str(contact.pk), **body}
    audit.record(event, by=by, account_id=contact.account_id, body=about)
