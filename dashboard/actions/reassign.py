"""Another site than the present one."""

from resellers.models import OperationKind

from .site_target import SiteForm


class ReassignForm(SiteForm):
    """Another site than the present one."""

    kind = OperationKind.REASSIGN
    slug = "reassign"
    url_name = "instance_reassign"
    doing = "moving"
