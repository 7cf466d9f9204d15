"""What one person keeps of a list: chosen columns, named sets of them, how files are written."""

from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser, User
from django.utils.translation import gettext as _

from dashboard.models import ColumnChoice, CsvDialect

from .csv_file import default_choice


def saved_columns(person_id: int | None, noun: str) -> dict[str, list[str]]:
    """The keys of the columns this person keeps for that list, by the sets' names, in their order.

    Those in force have the name "", and are absent where the standard ones are.
    """
    choices = ColumnChoice.objects.filter(person_id=person_id, noun=noun).order_by("name")
    return dict(choices.values_list("name", "columns"))


def save_columns(person_id: int, noun: str, keys: Sequence[str], name: str = "") -> None:
    """Keep these in force, or under that name, instead of earlier ones; without keys, drop them.

    Raises ValueError for a name that is too long, and for one set too many.
    """
    mine = ColumnChoice.objects.filter(person_id=person_id, noun=noun)
    if not keys:
        mine.filter(name=name).delete()
        return
    if len(name) > ColumnChoice.LONGEST_NAME:
        raise ValueError(
            _("At most %(longest_name)s characters; this has %(count)s.")
            % {"longest_name": ColumnChoice.LONGEST_NAME, "count": len(name)}
        )
    sets = mine.exclude(name="")
    if name and not sets.filter(name=name).exists() and sets.count() >= ColumnChoice.MOST_SETS:
        raise ValueError(
            _("%(most_sets)s sets are kept: remove one first.")
            % {"most_sets": ColumnChoice.MOST_SETS}
        )
    ColumnChoice.objects.update_or_create(
        person_id=person_id, noun=noun, name=name, defaults={"columns": list(keys)}
    )


def saved_dialect(person: User | AnonymousUser) -> dict[str, str]:
    """How this person wants files written, as an address says it; empty for the standard. Known
    with the person: see `dashboard.frame.staff`."""
    saved: CsvDialect | None = getattr(person, "csv_dialect", None)
    if saved is None:
        return {}
    dialect = {"delimiter": saved.delimiter, "breaks": saved.breaks}
    return {
        name: value for name, value in dialect.items() if value not in ("", default_choice(name))
    }


def save_dialect(person_id: int, *, delimiter: str, breaks: str) -> None:
    """Have this person's files written so from now on."""
    CsvDialect.objects.update_or_create(
        person_id=person_id, defaults={"delimiter": delimiter, "breaks": breaks}
    )
