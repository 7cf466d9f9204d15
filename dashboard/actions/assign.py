"""A site for a floating service."""

from resellers.models import OperationKind

from .site_target import SiteForm


class AssignForm(SiteForm):
    """A site for a floating service."""

    kind = OperationKind.ASSIGN
    slug = "assign"
    url_name = "instance_assign"
    doing = "assigning"
