"""What gunicorn runs."""

from tests.bench.peer.setting_up import bring_the_admin

bring_the_admin()

from dashboard.wsgi import application  # noqa: E402

__all__ = ["application"]
