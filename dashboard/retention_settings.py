"""How many days what is not kept for good is kept: see `resellers.retention`."""

from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured

from dashboard.environment import Environment

DAYS: Mapping[str, float] = {
    "READINGS": 90,
    "ANSWERS": 365,  # what calls for an operation sent and showed; the calls stay
    "DAILY_COUNTS": 3 * 365,
    "SESSIONS": 1,  # after their end
    "UPLOADS": 1 / 24,
    "EXPORTS": 1,
    "NOTICES": 90,
    "DELIVERIES": 90,
    "LOG_IN_TRIES": 2,
    "API_COUNTS": 1,
}
# Of some the last days are counted, or asked for, at any time.
FEWEST: Mapping[str, float] = {"READINGS": 2, "ANSWERS": 2, "DAILY_COUNTS": 14, "LOG_IN_TRIES": 1}


def retention_settings(env: Environment) -> dict[str, float]:
    """Days by what is kept; RETENTION in the environment, a JSON object, changes single ones."""
    days_by_kind = env.changed("RETENTION", dict(DAYS))
    for name, days in days_by_kind.items():
        least = FEWEST.get(name, 0)
        if isinstance(days, bool) or not isinstance(days, int | float) or not days >= least:
            raise ImproperlyConfigured(
                f"RETENTION: {name} must be a number of days, {least:g} at least: {days!r}"
            )
    return days_by_kind
