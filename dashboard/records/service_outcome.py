"""How a service stands, as one sentence: what its page begins with."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.components.ages import age, day
from resellers.models import InstanceStatus, ProductInstance
from resellers.refusals import explain_status


def outcome_sentence(service: ProductInstance) -> SafeString:
    """What is so of it just now, and since when, with its site by name."""
    product, since = service.product, service.status_since
    past = format_html(", {}", age(since)) if since else ""
    if service.gone_at:
        return format_html(_("{} is no longer at Wix."), product)
    if service.has_expired:
        return format_html(_("{} expired on {}."), product, day(service.expires_at))
    match service.status:
        case InstanceStatus.FAILED:
            return format_html(_("Wix could not deliver {}{}."), product, past)
        case InstanceStatus.CANCELED:
            return format_html(_("{} was canceled{}."), product, past)
        case InstanceStatus.PENDING:
            return format_html(_("{} is ordered, and Wix has yet to deliver it."), product)
        case InstanceStatus.AWAITING_ACTION:
            return format_html(_("{} waits for somebody outside{}."), product, past)
        case InstanceStatus.ENABLED if service.is_floating:
            return format_html(_("{} is paid for, and stands on no site."), product)
        case InstanceStatus.ENABLED:
            return format_html(_("{} is delivered, and stands on {}."), product, service.site)
    word = explain_status(service.status).word
    return format_html(_("Of {} Wix says “{}”, which we do not know."), product, word)
