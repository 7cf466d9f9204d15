"""What is said where somebody chooses what cannot be had any more."""

from django.utils.translation import gettext_lazy

CUSTOMER_GONE = gettext_lazy("Wix no longer has this customer: choose another one.")
SITE_UNUSABLE = gettext_lazy("This site is gone, in the trash or blocked: choose another one.")
