from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "dashboard"

    def ready(self) -> None:
        """Listen to log-ins from the first one on, whichever page has been read by then, and say
        how the files are read that workers make of lists."""
        from dashboard.frame import reauthentication, sign_in_trail  # noqa: F401
        from dashboard.lists.background import source_of
        from resellers import exports

        exports.use(source_of)
