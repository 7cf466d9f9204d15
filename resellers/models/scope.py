"""Whose customers the person may see for whom something is read, and rows narrowed to these.

`ScopedQuerySet.visible_to` is the one method that narrows: every manager of a table that speaks of
customers reads through it, so that no view, part, count, figure or file can forget to. Workers,
commands and everybody who is not limited read everything.
"""

from collections.abc import Iterator
from contextlib import _GeneratorContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

if TYPE_CHECKING:
    from django.contrib.auth.models import User

ModelT = TypeVar("ModelT", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Scope:
    """One person who may see the customers of these groups and nothing of others."""

    person_id: int
    groups: tuple[str, ...]

    @property
    def customers(self) -> QuerySet[Any]:
        """The ids of those customers, for a condition on rows that name one."""
        accounts = apps.get_app_config("resellers").get_model("Account")._base_manager
        return accounts.filter(group__in=self.groups).order_by().values("pk")

    def visible(self, model: str) -> QuerySet[Any]:
        """The keys of the rows of that table that the person may see, for a condition as well."""
        manager: Any = apps.get_app_config("resellers").get_model(model)._default_manager
        with everything():
            rows: QuerySet[Any] = manager.all().visible_to(self)
            return rows.order_by().values("pk")


class PersonScope(models.Model):
    """The groups of customers that one person is limited to; who has no row sees everything."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="scope"
    )
    groups = models.JSONField(default=list, help_text="as customers have them, letter by letter")
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return ", ".join(self.groups)


_in_force: ContextVar[Scope | None] = ContextVar("scope", default=None)


def in_force() -> Scope | None:
    """The scope of the person for whom is being read; None where everything may be seen."""
    return _in_force.get()


def put_in_force(scope: Scope | None) -> None:
    """Read from now on, in this thread, what this scope has; everything with None."""
    _in_force.set(scope)


def scope_of(person: "User | Any") -> Scope | None:
    """What this person is limited to; None for who sees everything, and for nobody."""
    row = getattr(person, "scope", None) if person.is_authenticated else None
    return Scope(person.pk, tuple(row.groups)) if row else None


@contextmanager
def reading_for(person: "User | None") -> Iterator[None]:
    """Within it only what this person may see is read; everything for None."""
    token = _in_force.set(scope_of(person) if person else None)
    try:
        yield
    finally:
        _in_force.reset(token)


def everything() -> "_GeneratorContextManager[None]":
    """Within it all is read, whoever asks: for what is kept or decided for everybody.

    As a decorator, too. What is read so is for nobody's eyes.
    """
    return reading_for(None)


def may_see(account: Any) -> bool:
    """Whether this customer is among those that may be seen now."""
    scope = in_force()
    return scope is None or account.group in scope.groups


def _in_scope(manager: Any) -> Any:
    """What a manager reads: the rows that the scope in force has."""
    return models.Manager.get_queryset(manager).visible_to(in_force())  # type: ignore[attr-defined]


class ScopedQuerySet(QuerySet[ModelT]):
    """Rows that speak of customers."""

    if not TYPE_CHECKING:  # to checkers of types it is Django's own

        @classmethod
        def as_manager(cls) -> models.Manager:
            """A manager that reads what the scope in force has."""
            manager = models.Manager.from_queryset(cls)
            manager.get_queryset = _in_scope
            made = manager()
            made._built_with_as_manager = True
            return made

    # Where a row names its customer.
    CUSTOMER = "account"

    def visible_to(self, scope: Scope | None) -> Self:
        """Those that a person of that scope may see; all for None."""
        return self if scope is None else self.filter(self.within(scope))

    def within(self, scope: Scope) -> Q:
        """Which of them are in that scope."""
        return Q(**{f"{self.CUSTOMER}__in": scope.customers})
