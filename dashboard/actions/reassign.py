"""Another site than the present one."""

from resellers.models import OperationKind
from resellers.operations.site_wishes import ReassignWish

from .site_target import SiteForm


class ReassignForm(SiteForm[ReassignWish]):
    """Another site than the present one."""

    kind = OperationKind.REASSIGN
    slug = "reassign"
    url_name = "instance_reassign"
    button = "Reassign"
    tone = "primary"
