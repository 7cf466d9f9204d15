"""What staff may do, and whether anything may be written to Wix just now."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy


class Role(models.TextChoices):
    """Each role is a Django group of this name and may do what the ones before it may."""

    VIEWER = "viewer", gettext_lazy("Viewer")
    OPERATOR = "operator", gettext_lazy("Operator")
    MANAGER = "manager", gettext_lazy("Manager")
    ADMIN = "admin", gettext_lazy("Admin")


# What each role adds. Export is a right of its own, so that it can be withheld from one person.
ROLE_PERMISSIONS = {
    Role.VIEWER: ("view", "export"),
    Role.OPERATOR: ("operate", "sync"),
    Role.MANAGER: ("cancel", "approve"),
    Role.ADMIN: ("administer",),
}


# The kinds that a row speaks of which does not say so: it is older than `reason_decided_for`.
DECIDED_BEFORE = [
    *("assign", "unassign", "reassign", "adjust", "cancel_instance", "cancel_package"),
    *("create_package", "external_id", "transfer_site", "register_domain"),
]


class Policy(models.Model):
    """One row: what may be written to Wix, and what has to be said with it.

    The breaker stops all writes after Wix refused our key; a person stops them with `read_only`.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    writes_paused = models.BooleanField(default=False)
    paused_at = models.DateTimeField(null=True)
    paused_reason = models.TextField(blank=True)
    paused_key = models.CharField(
        max_length=16, blank=True, help_text="fingerprint of the key Wix refused"
    )
    # Wix takes no calls for now, or refuses the key: see resellers.throttling.
    throttled_since = models.DateTimeField(
        null=True, help_text="when Wix first refused a harmless Query without a code"
    )
    throttled_queries = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="how often it has since"
    )
    throttled_until = models.DateTimeField(null=True, help_text="when it is asked again")
    read_only = models.BooleanField(default=False)
    read_only_reason = models.TextField(blank=True)
    read_only_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    read_only_since = models.DateTimeField(null=True)
    reason_wanted_for = models.JSONField(default=list, help_text="kinds of operation")
    reason_decided_for = models.JSONField(
        default=list,
        db_default=DECIDED_BEFORE,
        help_text="kinds an admin has decided about; each of the others says for itself",
    )
    closing_wants_reason = models.BooleanField(
        default=False, db_default=False, help_text="whether cases are closed with one only"
    )
    second_factor_for = models.JSONField(
        default=list, db_default=[], help_text="roles that a second factor is demanded from"
    )

    class Meta:
        default_permissions = ()
        permissions = [
            ("view", "May see everything"),
            ("export", "May take lists away as CSV"),
            ("operate", "May assign, unassign, reassign, adjust and order"),
            ("sync", "May start a reading of Wix"),
            ("cancel", "May cancel services and packages"),
            ("approve", "May approve what others planned"),
            ("administer", "May change settings and see the system's state"),
        ]

    @property
    def stopped_because(self) -> str:
        """Why nothing may be written to Wix just now, in a sentence; empty where it may."""
        if self.read_only:
            return f"The dashboard is read-only: {self.read_only_reason}"
        return f"All writes to Wix are paused: {self.paused_reason}" if self.writes_paused else ""
