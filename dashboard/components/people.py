"""How colleagues are named."""

from django.contrib.auth.models import AbstractBaseUser, User


def person_name(person: User | AbstractBaseUser) -> str:
    """The name a person goes by: the one they chose, else the one they log in with."""
    chosen = person.get_full_name() if isinstance(person, User) else ""
    return chosen or person.get_username()


def initials(person: User | AbstractBaseUser) -> str:
    """One or two letters for an avatar."""
    words = person_name(person).replace(".", " ").replace("_", " ").split()
    ends = [words[0], words[-1]] if len(words) > 1 else words[:1]
    return "".join(word[0] for word in ends).upper()
