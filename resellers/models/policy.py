"""What staff may do, and whether anything may be written to Wix just now."""

from django.db import models


class Role(models.TextChoices):
    """Each role is a Django group of this name and may do what the ones before it may."""

    VIEWER = "viewer", "Viewer"
    OPERATOR = "operator", "Operator"
    MANAGER = "manager", "Manager"
    ADMIN = "admin", "Admin"


# What each role adds. Export is a right of its own, so that it can be withheld from one person.
ROLE_PERMISSIONS = {
    Role.VIEWER: ("view", "export"),
    Role.OPERATOR: ("operate", "sync"),
    Role.MANAGER: ("cancel", "approve"),
    Role.ADMIN: ("administer",),
}


class Policy(models.Model):
    """One row: the breaker, which stops all writes after Wix refused our key."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    writes_paused = models.BooleanField(default=False)
    paused_at = models.DateTimeField(null=True)
    paused_reason = models.TextField(blank=True)
    paused_key = models.CharField(
        max_length=16, blank=True, help_text="fingerprint of the key Wix refused"
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
