"""A site for a floating service."""

from resellers.models import OperationKind
from resellers.operations.site_wishes import AssignWish

from .site_target import SiteForm


class AssignForm(SiteForm[AssignWish]):
    """A site for a floating service."""

    kind = OperationKind.ASSIGN
    slug = "assign"
    url_name = "instance_assign"
    button = "Assign"
    tone = "primary"
