"""Filters of a trail that may have ten million entries: each is answered by an index."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet, Subquery
from django.utils.translation import gettext

from dashboard.components.people import person_name
from dashboard.lists.filters import Choice, DayFilter, midnight
from dashboard.lists.found_filters import most_frequent
from dashboard.lists.person_filter import ME, NOBODY, PersonFilter

# So far a clock may have gone back while entries went on.
CLOCK_WENT_BACK = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ActorFilter(PersonFilter):
    """Whose doing it was, the system's with `nobody`; looked up among the newest."""

    def discover(self, rows: QuerySet, typed: str) -> list[Choice]:
        found = most_frequent(rows, self.field, 10 * self.MOST_FOUND)
        people = User.objects.in_bulk([pk for pk, _ in found if pk is not None])
        named = [
            Choice(people[pk].get_username(), person_name(people[pk]), number)
            if pk in people
            else Choice(NOBODY, gettext("The system, or nobody logged in"), number)
            for pk, number in found
        ]
        fits = [one for one in named if typed.casefold() in f"{one.words} {one.value}".casefold()]
        return fits[: self.MOST_FOUND]

    @property
    def options(self) -> list[tuple[str, str]]:
        return [(ME, gettext("Me")), (NOBODY, gettext("The system, or nobody logged in"))]


@dataclass(frozen=True, slots=True)
class EntryDayFilter(DayFilter):
    """A day of a range. Entries are in order of time, so it bounds their numbers as well, by which
    the page is sorted: without that a database would read through all that is newer."""

    def condition(self, rows: QuerySet, value: date) -> Q:
        exactly = DayFilter.condition(self, rows, value)
        entries = rows.model._default_manager.order_by()
        if self.is_last:
            until = midnight(value + timedelta(days=1)) + CLOCK_WENT_BACK
            last = entries.filter(at__lt=until).order_by("-at", "-seq")
            return exactly & Q(seq__lte=Subquery(last.values("seq")[:1]))
        first = entries.filter(at__gte=midnight(value) - CLOCK_WENT_BACK).order_by("at", "seq")
        return exactly & Q(seq__gte=Subquery(first.values("seq")[:1]))
