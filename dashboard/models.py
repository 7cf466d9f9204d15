"""What the site keeps for the people who use it."""

from collections.abc import Sequence

from django.conf import settings
from django.db import models


class ColumnChoice(models.Model):
    """The columns of one list as one person wants them, in that order."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="column_choices"
    )
    noun = models.CharField(max_length=40, help_text="the list's, as in its address")
    columns = models.JSONField(default=list, help_text="keys of the columns")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["person", "noun"], name="one_column_choice_per_person_and_list"
            )
        ]


def kept_columns(person_id: int | None, noun: str) -> list[str]:
    """The keys of the columns this person has chosen for that list; empty for the standard ones."""
    choice = ColumnChoice.objects.filter(person_id=person_id, noun=noun).first()
    return choice.columns if choice else []


def keep_columns(person_id: int, noun: str, keys: Sequence[str]) -> None:
    """Keep this choice instead of an earlier one; without keys, go back to the standard ones."""
    if keys:
        ColumnChoice.objects.update_or_create(
            person_id=person_id, noun=noun, defaults={"columns": list(keys)}
        )
    else:
        ColumnChoice.objects.filter(person_id=person_id, noun=noun).delete()
