"""The words for how a service and an operation stand, and which of them go together."""

from django.db import models
from django.utils.translation import gettext_lazy


class InstanceStatus(models.TextChoices):
    """The statuses Wix documents. Others are stored and shown as they come."""

    PENDING = "PENDING", gettext_lazy("Pending")
    AWAITING_ACTION = "AWAITING_ACTION", gettext_lazy("Awaiting action")
    ENABLED = "ENABLED", gettext_lazy("Enabled")
    FAILED = "FAILED", gettext_lazy("Failed")
    CANCELED = "CANCELED", gettext_lazy("Canceled")


# Final at Wix: nothing can be done with the service any more.
ENDED_STATUSES = (InstanceStatus.FAILED, InstanceStatus.CANCELED)
# Wix, or somebody outside, is still at it.
UNSETTLED_STATUSES = (InstanceStatus.PENDING, InstanceStatus.AWAITING_ACTION)
# Wix lets a free product be ordered with reference to such a service.
REFERABLE_STATUSES = (InstanceStatus.PENDING, InstanceStatus.ENABLED)


def has_ended(status: str) -> bool:
    """Whether a service of that status has ended; one of an unknown status has not."""
    return status in ENDED_STATUSES


FLOATING = "Floating"  # it is paid for, and waits to be put on a site
NO_SITE = "No site"  # it has ended, and waits for nothing


def without_site(status: str) -> str:
    """Where a service of that status is that is on no site."""
    return NO_SITE if has_ended(status) else FLOATING


class OperationState(models.TextChoices):
    QUEUED = "queued", gettext_lazy("Waiting")
    RUNNING = "running", gettext_lazy("Running")
    CONFIRMING = "confirming", gettext_lazy("Confirming with Wix")
    NEEDS_ATTENTION = "needs_attention", gettext_lazy("Needs attention")
    SUCCEEDED = "succeeded", gettext_lazy("Succeeded")
    FAILED = "failed", gettext_lazy("Failed")
    ROLLED_BACK = "rolled_back", gettext_lazy("Rolled back")
    CANCELED = "canceled", gettext_lazy("Withdrawn")


# A write may be on its way to Wix.
MOVING_STATES = (OperationState.RUNNING, OperationState.CONFIRMING)
# The engine carries it on by itself.
UNDER_WAY_STATES = (OperationState.QUEUED, *MOVING_STATES)
# It has not ended, and nothing else may be asked of the same thing.
OPEN_STATES = (*UNDER_WAY_STATES, OperationState.NEEDS_ATTENTION)
# Wix would not have it.
REFUSED_STATES = (OperationState.FAILED, OperationState.ROLLED_BACK)
# It ended without being carried out, so the same may be asked for again.
REPEATABLE_STATES = (*REFUSED_STATES, OperationState.CANCELED)


class OperationPriority(models.IntegerChoices):
    """What is carried out first, and among equals the oldest."""

    HALF_DONE = 0, gettext_lazy("Between two writes")
    UNDER_WAY = 1, gettext_lazy("On its way back, or being confirmed")
    NEW = 2, gettext_lazy("Not begun")
