"""Letting a colleague in: a person with a role, and a link by which they come in."""

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils.translation import gettext as _

from resellers import audit
from resellers.folding import plain
from resellers.models import Role

from . import links


class NameTaken(ValueError):
    """There is somebody of that name, however it is written; str() says so."""

    def __init__(self) -> None:
        super().__init__(_("There is somebody of this name already."))


def invite(
    username: str, role: Role, *, email: str = "", name: str = "", by: User | None = None
) -> tuple[User, str]:
    """A new person of that role, and the secret of the link to come in by. Raises NameTaken."""
    with transaction.atomic():
        known = User.objects.values_list("username", "first_name")
        taken = {plain(text) for names in known for text in names if text}
        if plain(username) in taken or (name and plain(name) in taken):
            raise NameTaken
        person = User(username=username, email=email, first_name=name)
        person.set_unusable_password()
        person.save()
        person.groups.set(Group.objects.filter(name=role.value))
        secret = links.make(person, by=by)
        body = {"person": username, "role": role.value}
        audit.record("person.invited", by=by, body=body)
    return person, secret


def invite_again(person: User, *, by: User | None = None) -> str:
    """The secret of another link for that person: to come in by, or to set another password."""
    with transaction.atomic():
        secret = links.make(person, by=by)
        audit.record("person.link_made", by=by, body={"person": person.get_username()})
    return secret
