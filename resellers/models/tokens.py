"""Tokens by which a person's programs read, and how many calls came of late."""

from typing import Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

ModelT = TypeVar("ModelT", bound=models.Model)


class TokenQuerySet(QuerySet[ModelT]):
    """Tokens of people."""

    def in_force(self) -> Self:
        """Those that are neither revoked nor expired."""
        return self.filter(revoked_at=None, expires_at__gt=Now())


class PersonalToken(models.Model):
    """What a program shows to read as one person may; its secret is kept as a hash alone."""

    LONGEST_NAME = 60
    MOST = 20  # in force at once, of one person

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=LONGEST_NAME, help_text="what it is for")
    prefix = models.CharField(max_length=20, unique=True, help_text="by which it is found")
    secret_hash = models.CharField(max_length=64, help_text="SHA-256 of the whole token")
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, help_text="to the minute")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = TokenQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-made_at", "-pk"]
        constraints = [
            # Sending the form a second time makes no second token.
            models.UniqueConstraint(
                fields=["person", "name"],
                condition=Q(revoked_at=None),
                name="one_token_per_person_and_name",
            )
        ]

    def __str__(self) -> str:
        return self.name


class CallCount(models.Model):
    """How many calls came with one token, or from one address, in the last minute that had any."""

    key = models.CharField(max_length=100, primary_key=True)
    minute = models.PositiveBigIntegerField(help_text="since 1970")
    calls = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["minute"], name="call_counts_by_minute")]
