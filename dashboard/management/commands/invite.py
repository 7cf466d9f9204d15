"""`manage.py invite NAME --role ROLE`: a link for the first admin, or for who is locked out."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from resellers.durations import span
from resellers.models import Role
from resellers.people import factors, inviting


class Command(BaseCommand):
    help = "Print a link by which NAME comes in, once, and sets a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the username; one that is not there yet is made")
        parser.add_argument("--role", choices=Role.values, help="wanted for a new person")
        parser.add_argument("--email", default="", help="of a new person")
        parser.add_argument(
            "--reset-factors", action="store_true", help="take the second factor away, too"
        )

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        person = User.objects.filter(username=name).first()
        if person is None:
            secret = self.invite(name, options["role"], options["email"])
        elif not person.is_active:
            raise CommandError(f"{name} is deactivated: an admin lets them in again", returncode=2)
        else:
            if options["role"] and not person.groups.filter(name=options["role"]).exists():
                raise CommandError(
                    f"{name} is there with another role: an admin changes it", returncode=2
                )
            secret = inviting.invite_again(person)
            if options["reset_factors"]:
                factors.reset(person)
        length = span(timedelta(seconds=settings.SIGN_IN["LINK_SECONDS"]))
        self.stdout.write(f"{settings.SITE_URL}{reverse('link_open', args=[secret])}")
        where = "" if settings.SITE_URL else ", behind the address of your dashboard"
        self.stderr.write(f"Good once, for {length}{where}. {name} sets a password there.")

    def invite(self, name: str, role: str | None, email: str) -> str:
        """The secret of the link for somebody new."""
        if not role:
            raise CommandError(f"nobody is called {name}: say --role", returncode=2)
        try:
            UnicodeUsernameValidator()(name)
            _person, secret = inviting.invite(name, Role(role), email=email)
        except (ValidationError, inviting.NameTaken) as error:
            words = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            raise CommandError(words, returncode=2) from error
        return secret
