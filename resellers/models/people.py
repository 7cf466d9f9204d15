"""What is kept of people beside their user: ways in, failed tries, what one person may not."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy


class LogInTries(models.Model):
    """How often logging in has failed of late under one name, or from one address, and how often a
    link to another password was asked for under one name.

    `resellers.people.limits` counts, and says when there may be no more of them.
    """

    class Scope(models.TextChoices):
        NAME = "name", gettext_lazy("Name")
        ADDRESS = "address", gettext_lazy("Address")
        MAIL = "mail", gettext_lazy("Links by mail")

    scope = models.CharField(max_length=10, choices=Scope)
    key = models.CharField(max_length=150, help_text="the name folded, or the address")
    recent = models.PositiveIntegerField(default=0, help_text="failures since `recent_since`")
    recent_since = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0, help_text="failures since `since`")
    since = models.DateTimeField()
    last_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True)
    is_lasting = models.BooleanField(default=False, help_text="a hold, not a short wait")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="one_row_of_tries_per_key")
        ]
        indexes = [
            # The page that shows who is held, and the removal of what is long over.
            models.Index(fields=["held_until"], name="tries_by_hold"),
            models.Index(fields=["last_at"], name="tries_by_last"),
        ]


class SignInLink(models.Model):
    """A way in that works once: for a new colleague, or to set another password."""

    class Purpose(models.TextChoices):
        INVITATION = "invitation", gettext_lazy("Invitation")
        PASSWORD = "password", gettext_lazy("New password")
        FORGOTTEN = "forgotten", gettext_lazy("Forgotten password")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_in_links"
    )
    purpose = models.CharField(max_length=20, choices=Purpose)
    secret_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of its secret")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="none: the command, or the person",
    )
    made_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["person"], condition=Q(used_at=None), name="links_still_open_by_person"
            )
        ]


class WithheldRight(models.Model):
    """A right that a person's role has, and that this person has not."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="withheld_rights", db_index=False
    )
    right = models.CharField(max_length=40, help_text="such as `export`")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["person", "right"], name="one_row_per_withheld_right")
        ]


class CachedValue(models.Model):
    """A row of Django's cache in the database: which codes were used a moment ago.

    Its columns are Django's own, so that a migration makes the table for `CACHES`.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "cache"
        default_permissions = ()
