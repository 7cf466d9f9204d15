"""Which open operations keep another one from a thing."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from resellers.models import Operation


@dataclass(frozen=True, slots=True)
class Conflicts:
    """The operations of one subject, about one package, or about one site; none where all is empty.

    With an `instance_id`, of those about the package the ones about that very service, whatever it
    is they change, or about the whole package.
    """

    subject: str = ""
    package_id: UUID | None = None
    instance_id: UUID | None = None
    site_id: UUID | str | None = None

    @property
    def q(self) -> Q:
        """Which rows they are, open or ended."""
        found = Q(pk__in=[])
        if self.subject:
            found |= Q(subject=self.subject)
        if self.package_id:
            of_service = Q(instance=None) | Q(instance=self.instance_id)
            of_package = Q(package=self.package_id)
            found |= of_package & of_service if self.instance_id else of_package
        if self.site_id:
            found |= Q(site=self.site_id)
        return found

    def has(self, operation: Operation) -> bool:
        """Whether that operation is one of them: what `q` asks the database."""
        if self.subject and operation.subject == self.subject:
            return True
        if self.site_id and str(operation.site_id) == str(self.site_id):
            return True
        if not self.package_id or operation.package_id != self.package_id:
            return False
        return self.instance_id is None or operation.instance_id in (None, self.instance_id)


def open_among(wanted: Iterable[Conflicts]) -> list[Operation]:
    """Every open operation that may be one of these conflicts, each with who asked; one query.

    More than they name is among them: `Conflicts.has` tells which is whose.
    """
    wanted = [conflicts for conflicts in wanted if conflicts != Conflicts()]
    if not wanted:
        return []
    about = (
        Q(subject__in={conflicts.subject for conflicts in wanted} - {""})
        | Q(package__in={conflicts.package_id for conflicts in wanted} - {None})
        | Q(site__in={conflicts.site_id for conflicts in wanted} - {None})
    )
    found = Operation.objects.open().filter(about)
    return list(found.select_related("requested_by").order_by("id"))
