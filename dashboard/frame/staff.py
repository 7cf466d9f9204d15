"""Who works here: the backend that knows them, and what a view gets from them."""

from functools import cache

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.db.models import Exists, JSONField, Model, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from resellers.models import Notice, Operation, Policy, WithheldRight, scope
from resellers.people.factors import FACTORS
from resellers.people.rights import is_withheld

EXPORT = "resellers.export"


class StaffRequest(HttpRequest):
    """A request of a person: nobody else comes past the log-in, which covers every path."""

    user: User
    htmx: HtmxDetails


class Staff(ModelBackend):
    """Django's own, which reads beside the person in one statement all that every page asks of
    them: their preferences, how their files are written, what they are limited to, whether they
    have asked for any operation or were told anything (for who was not, no page looks for news),
    what is withheld from them, and their second factor."""

    def get_user(self, user_id: int) -> User | None:
        try:
            person = _with_what_pages_ask().get(pk=user_id)
        except User.DoesNotExist:
            return None
        return person if self.user_can_authenticate(person) else None

    def _get_user_permissions(self, user_obj: User | AnonymousUser) -> QuerySet[Permission]:
        # Rights come with roles alone.
        return Permission.objects.none()

    def has_perm(self, user_obj: User | AnonymousUser, perm: str, obj: Model | None = None) -> bool:
        may = super().has_perm(user_obj, perm, obj)
        return may and not (perm == EXPORT and is_withheld(user_obj, "export"))


@cache
def _with_what_pages_ask() -> QuerySet[User]:
    """Everybody, each as `Staff` reads them: put together once, which takes longer than to read."""
    with scope.everything():
        asked = Exists(Operation.objects.filter(requested_by=OuterRef("pk")))
        noticed = Exists(Notice.objects.filter(person=OuterRef("pk")))
    withheld = WithheldRight.objects.filter(person=OuterRef("pk"), right="export")
    demanded = Policy.objects.filter(pk=1).values("second_factor_for")
    return User.objects.select_related("preferences", "csv_dialect", "scope").annotate(
        has_asked=asked,
        was_noticed=noticed,
        export_is_withheld=Exists(withheld),
        has_factor=Exists(FACTORS.filter(user=OuterRef("pk"))),
        factor_demanded_from=Subquery(demanded, output_field=JSONField()),
    )
