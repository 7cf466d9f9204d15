"""The filter by whose something is."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from dashboard.components.people import person_name

from .filters import Choice, Filter, InvalidQuery, storable_text

ME, NOBODY = "me", "nobody"


@dataclass(frozen=True, slots=True)
class Whose:
    """Who is meant, as it was asked for; nobody where there is no key."""

    asked: str
    pk: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class PersonFilter(Filter):
    """Whose something is: a colleague by username, `me` for whoever asks, or `nobody`."""

    field: str

    kind = "id"
    takes_several = True
    is_discovered = True

    def clean(self, text: str) -> Whose:
        return self.clean_for(text, None)

    def clean_for(self, text: str, person: User | None) -> Whose:
        text = storable_text(text).strip()
        if text == NOBODY:
            return Whose(NOBODY)
        if text == ME:
            return Whose(ME, person.pk if person else 0)
        found = User.objects.filter(username=text).first()
        if found is None:
            words = gettext("Nobody here is called “%(name)s”: write a username, me or nobody.")
            raise InvalidQuery(words % {"name": text})
        return Whose(text, found.pk, person_name(found))

    def condition(self, rows: QuerySet, value: Whose) -> Q:
        return Q(**{self.field: value.pk})

    def words(self, value: Whose) -> str:
        return value.name or dict(self.options)[value.asked]

    def discover(self, rows: QuerySet, typed: str) -> list[Choice]:
        """Whose the rows are, and how many of each: one query for that, one for the names."""
        counts = dict(rows.order_by().values_list(self.field).annotate(number=Count("pk")))
        people = User.objects.in_bulk([pk for pk in counts if pk is not None])
        found = [
            Choice(person.get_username(), person_name(person), counts[pk])
            for pk, person in people.items()
            if typed.casefold() in f"{person_name(person)} {person.get_username()}".casefold()
        ]
        found.sort(key=lambda choice: (-choice.count, choice.words))
        nobody = [Choice(NOBODY, dict(self.options)[NOBODY], counts.get(None, 0))]
        return [*(nobody if not typed else []), *found[: self.MOST_FOUND]]

    @property
    def options(self) -> list[tuple[str, str]]:
        return [(ME, gettext("Me")), (NOBODY, gettext("Nobody"))]
