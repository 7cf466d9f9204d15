"""Wix's answer as a record's page shows it."""

from typing import Any

from .wix_answer import as_text


def said(raw: Any) -> dict[str, Any]:
    """Wix's answer as it may be shown."""
    return {"raw": as_text(raw)}
