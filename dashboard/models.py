"""What the site keeps for the people who use it."""

from typing import TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from resellers.models import Operation
from resellers.models.scope import Scope, ScopedQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)

# How a file may separate its cells, and what may become of line breaks within them.
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
LINE_BREAKS = {"kept": gettext_lazy("kept"), "space": gettext_lazy("written as a space")}


class Preferences(models.Model):
    """How one person wants to see everything; who has no row has the standard."""

    class Days(models.TextChoices):
        WORDS = "words", "9 Dec 2026"
        AMERICAN = "american", "Dec 9, 2026"
        ISO = "iso", "2026-12-09"
        DOTS = "dots", "09.12.2026"

    class Thousands(models.TextChoices):
        COMMA = "comma", "1,234"
        POINT = "point", "1.234"
        SPACE = "space", "1\u202f234"
        NONE = "none", "1234"

    class Theme(models.TextChoices):
        SYSTEM = "system", gettext_lazy("System")
        LIGHT = "light", gettext_lazy("Light")
        DARK = "dark", gettext_lazy("Dark")

    class Density(models.TextChoices):
        COMPACT = "compact", gettext_lazy("Compact")
        NORMAL = "normal", gettext_lazy("Normal")
        ROOMY = "roomy", gettext_lazy("Roomy")

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="preferences"
    )
    zone = models.CharField(
        max_length=60, blank=True, default="", db_default="", help_text="empty for the agency's"
    )
    days = models.CharField(
        max_length=10, choices=Days, default=Days.WORDS, db_default=Days.WORDS.value
    )
    thousands = models.CharField(
        max_length=10, choices=Thousands, default=Thousands.COMMA, db_default=Thousands.COMMA.value
    )
    theme = models.CharField(
        max_length=10, choices=Theme, default=Theme.SYSTEM, db_default=Theme.SYSTEM.value
    )
    density = models.CharField(
        max_length=10, choices=Density, default=Density.NORMAL, db_default=Density.NORMAL.value
    )
    shortcuts = models.BooleanField(
        default=True, db_default=True, help_text="whether single keys do something"
    )
    toured = models.BooleanField(
        default=False, db_default=False, help_text="the demo's tour was ended or sent away"
    )
    notices_read_at = models.DateTimeField(
        null=True, help_text="what had ended by then is not news any more"
    )

    class Meta:
        default_permissions = ()


class ReadNotice(models.Model):
    """One person has seen how one operation stood.

    It is news again where it has been taken up since, or has ended, or was found true no more.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="read_notices"
    )
    operation = models.ForeignKey(Operation, models.CASCADE, related_name="+")
    fence = models.PositiveIntegerField(help_text="the operation's, as it was seen")
    read_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["person", "operation"], name="one_read_notice_per_person_and_operation"
            )
        ]


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


class SavedViewQuerySet(ScopedQuerySet[ModelT]):
    """Saved views."""

    def within(self, scope: Scope) -> Q:
        """The person's own: others' may name customers of whom the person is to know nothing."""
        return Q(made_by=scope.person_id)


class SavedView(models.Model):
    """What one list is asked for and how it is shown, kept under a name, for one person or more."""

    LONGEST_NAME = 40
    MOST = 30  # that one person keeps of a list

    class Audience(models.TextChoices):
        MINE = "mine", gettext_lazy("Only me")
        TEAM = "team", gettext_lazy("My team")
        EVERYONE = "everyone", gettext_lazy("Everyone")

    noun = models.CharField(max_length=40, help_text="the list's, as in its address")
    name = models.CharField(max_length=LONGEST_NAME)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views"
    )
    audience = models.CharField(
        max_length=10, choices=Audience, default=Audience.MINE, db_default=Audience.MINE.value
    )
    parameters = models.JSONField(
        default=dict, help_text="of the list's address: all values of each"
    )
    saved_at = models.DateTimeField(db_default=Now())

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["noun", "made_by", "name"], name="one_view_per_list_person_and_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class DefaultView(models.Model):
    """The view with which one list opens for one person."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="default_views"
    )
    noun = models.CharField(max_length=40, help_text="the list's, as in its address")
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="defaults")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["person", "noun"], name="one_default_view_per_person_and_list"
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


class RecentRecords(models.Model):
    """The records whose pages one person has opened last."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="recent_records"
    )
    opened = models.JSONField(default=list, help_text="such as `account:ID`, the last one first")

    class Meta:
        default_permissions = ()


class Announced(models.Model):
    """Of what one person asked for, which endings some page of theirs has said already."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="announced"
    )
    endings = models.JSONField(
        default=list, help_text="operations, each as it stood; the last one first"
    )

    class Meta:
        default_permissions = ()
