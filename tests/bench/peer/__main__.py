"""Collect the static files of both, as is done before a server starts."""

import django
from django.core.management import call_command

from tests.bench.peer.setting_up import bring_the_admin

bring_the_admin()
django.setup()
call_command("collectstatic", verbosity=0, interactive=False)
