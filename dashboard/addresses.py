"""What may stand in an address: Wix's ids, in any letter case."""

from uuid import UUID

from django.urls.converters import UUIDConverter, register_converter


class WixId(UUIDConverter):
    """A Wix id as staff paste it, upper or lower case; the view gets a UUID."""

    regex = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


def as_wix_id(text: str) -> UUID | None:
    """The id that this text is, whole and with its hyphens; None for any other text."""
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text.lower() else None


register_converter(WixId, "wix_id")
