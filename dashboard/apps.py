from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "dashboard"

    def ready(self) -> None:
        """Listen to log-ins from the first one on, whichever page has been read by then."""
        from dashboard.frame import reauthentication, sign_in_trail  # noqa: F401
