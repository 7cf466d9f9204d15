"""Reorders: what was ordered in place of services that had failed."""

from django.db import models

from .instances import ProductInstance
from .operation_querysets import ReorderQuerySet
from .operations import Operation
from .states import OPEN_STATES, OperationState


class Reorder(models.Model):
    """A line of an order that was made in place of a service that had failed."""

    operation = models.ForeignKey(
        Operation, models.PROTECT, related_name="reorders", db_index=False
    )
    line = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="of the order")
    failed = models.ForeignKey(ProductInstance, models.PROTECT, related_name="reorders")
    # What is ordered for it may fail as well and be ordered again: all of that is for one thing.
    origin = models.ForeignKey(
        ProductInstance,
        models.PROTECT,
        related_name="reorders_since",
        help_text="the first that failed, where each is in place of another",
    )
    service = models.OneToOneField(
        ProductInstance,
        models.PROTECT,
        null=True,
        related_name="reorder",
        help_text="what came of the line, once Wix shows it",
    )

    objects = ReorderQuerySet.as_manager()

    class Meta:
        ordering = ["-operation", "line"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "line"], name="one_reorder_per_line"),
        ]

    def __str__(self) -> str:
        return f"Line {self.line + 1} of {self.operation}"

    @property
    def in_effect(self) -> bool:
        """The service was had by it, or may be yet: what `ReorderQuerySet.in_effect` asks.

        One query where it cannot be told which service of the order's package came of it.
        """
        operation = self.operation
        if operation.state != OperationState.SUCCEEDED:
            return operation.state in OPEN_STATES
        if self.service:
            return self.service.is_live
        return operation.package is None or operation.package.instances.live().exists()
