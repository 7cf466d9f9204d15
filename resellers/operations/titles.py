"""What operations and their kinds are called: those of a kind that exists no more as well."""

from collections.abc import Iterator, Mapping

from resellers.models import Operation

from .kinds import KINDS


def kind_label(name: str) -> str:
    """The kind as people read it: `Cancel package`."""
    kind = KINDS.get(name)
    return kind.label if kind else name.replace("_", " ").capitalize()


def operation_name(operation: Operation) -> str:
    """The operation by its number: `Cancel package #12`."""
    return f"{kind_label(operation.kind)} #{operation.pk}"


def operation_title(operation: Operation) -> str:
    """The operation by what it does to what: `Cancel package order-17`."""
    kind = KINDS.get(operation.kind)
    return kind.title(operation) if kind else kind_label(operation.kind)


class KindLabels(Mapping[str, str]):
    """What each kind there is just now is called, by its name and in the order of the kinds."""

    def __getitem__(self, name: str) -> str:
        return KINDS[name].label

    def __iter__(self) -> Iterator[str]:
        return iter(KINDS)

    def __len__(self) -> int:
        return len(KINDS)


KIND_LABELS = KindLabels()
