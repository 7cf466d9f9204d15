"""What the site keeps for the people who use it."""

from django.conf import settings
from django.db import models

# How a file may separate its cells, and what may become of line breaks within them.
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
LINE_BREAKS = {"kept": "kept", "space": "written as a space"}


class ColumnChoice(models.Model):
    """Columns of one list in one person's order: those in force, or a set kept under a name."""

    LONGEST_NAME = 40
    MOST_SETS = 20

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="column_choices"
    )
    noun = models.CharField(max_length=40, help_text="the list's, as in its address")
    name = models.CharField(
        max_length=LONGEST_NAME, blank=True, default="", help_text="empty for those in force"
    )
    columns = models.JSONField(default=list, help_text="keys of the columns")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["person", "noun", "name"], name="one_column_choice_per_person_list_and_name"
            )
        ]


class CsvDialect(models.Model):
    """How one person wants CSV files written."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="csv_dialect"
    )
    delimiter = models.CharField(max_length=10, choices=[(name, name) for name in DELIMITERS])
    breaks = models.CharField(max_length=10, choices=[(name, name) for name in LINE_BREAKS])

    class Meta:
        default_permissions = ()
