"""The form of a wish about one service that has a target to choose: a site, or a product."""

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from resellers.models import ProductInstance
from resellers.operations.foreseen import Foreseen
from resellers.operations.kind import WishT
from resellers.texts import Text

from .wish_form import WishForm

CHOOSE = "choose"  # what a button sends that shows a target's plan at once


@dataclass(frozen=True, slots=True)
class TargetOption:
    """Something to choose, and why it cannot be where `refusals` has any."""

    value: str
    label: str
    detail: str
    refusals: tuple[Foreseen, ...]
    is_current: bool
    chosen: bool


class TargetForm(WishForm[ProductInstance, WishT]):
    """A wish about one service, with a target to choose."""

    under = "instances"
    aside_template = "actions/_service.html"
    target: ClassVar[str]  # the name of its field
    at_once: ClassVar[Text] = ""  # on a button beside each target that shows its plan at once

    @classmethod
    def as_sent(cls, sent: QueryDict) -> QueryDict:
        """As `WishForm`: where such a button was pressed, its target is the one chosen."""
        if CHOOSE not in sent:
            return sent
        own = sent.copy()
        own[cls.target] = str(own.pop(CHOOSE)[-1])
        return own

    @property
    def instance(self) -> ProductInstance:
        return self.thing

    @abstractmethod
    def wish_for(self, value: UUID) -> WishT:
        """The wish if this target were chosen."""

    @property
    @abstractmethod
    def present(self) -> UUID | None:
        """The target the service has already."""

    @property
    @abstractmethod
    def options(self) -> list[TargetOption]:
        """The targets to choose from."""

    def _option(
        self, value: UUID, label: str, detail: str, foreseen: Iterable[Foreseen]
    ) -> TargetOption:
        return TargetOption(
            str(value),
            label,
            detail,
            tuple(refusal for refusal in foreseen if refusal.field == self.target),
            value == self.present,
            self._chosen.lower() == str(value),
        )

    def _with_chosen(self, options: list[TargetOption]) -> list[TargetOption]:
        """The options, and what was chosen although it is none of them: a browser sends it again,
        so that the same refusal is told and not that nothing was chosen."""
        if not self._chosen or any(option.chosen for option in options):
            return options
        lost = TargetOption(
            self._chosen, _("What was chosen"), _("it cannot be had here"), (), False, True
        )
        return [*options, lost]

    @property
    def _chosen(self) -> str:
        return str(self[self.target].value() or "").strip()
