"""How ids stand in addresses."""

from django.urls.converters import UUIDConverter, register_converter


class WixId(UUIDConverter):
    """A Wix id as staff paste it, upper or lower case; the view gets a UUID."""

    regex = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


register_converter(WixId, "wix_id")
