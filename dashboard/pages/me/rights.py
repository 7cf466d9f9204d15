"""What a person may do here, in plain words."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy

from resellers.models import Role
from resellers.texts import Text

ROLES = {
    Role.VIEWER: gettext_lazy("sees everything and changes nothing"),
    Role.OPERATOR: gettext_lazy("looks after services: moves, changes and orders them"),
    Role.MANAGER: gettext_lazy("ends services for good, and approves what others planned"),
    Role.ADMIN: gettext_lazy("sets the dashboard up for everybody"),
}
RIGHTS = {
    "view": gettext_lazy("See every customer, package, service and site"),
    "export": gettext_lazy("Take lists away as CSV files"),
    "sync": gettext_lazy("Have Wix read again, for one record or for all"),
    "operate": gettext_lazy("Assign, unassign, reassign, adjust and order services"),
    "cancel": gettext_lazy("Cancel services and packages"),
    "approve": gettext_lazy(
        "Edit customers and products, read the audit log, let paused changes go on"
    ),
    "administer": gettext_lazy("Change settings for everybody, and see how the system is doing"),
}


@dataclass(frozen=True, slots=True)
class Right:
    """One thing that may be allowed, and whether this person may."""

    words: Text
    may: bool


def rights_of(person: User) -> list[Right]:
    """Everything that somebody may be allowed, and what of it this person is."""
    return [Right(words, person.has_perm(f"resellers.{key}")) for key, words in RIGHTS.items()]


def roles_of(person: User) -> list[tuple[str, str]]:
    """The name of each role the person has, and what such a person does."""
    held = set(person.groups.values_list("name", flat=True))
    return [(str(role.label), str(words)) for role, words in ROLES.items() if role.value in held]
