import time
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from resellers.connection import require_settings
from resellers.mirror import sync
from resellers.models import Account, SyncRun
from resellers.wix_ids import as_wix_id

POLL_SECONDS = 1.0
PATIENCE = 5  # failed calls in a row before the command no longer waits; the reading goes on


class Command(BaseCommand):
    help = "Read Wix into the mirror: what changed, everything (--full), or one account."
    # They would read every page, and this process serves none: `manage.py check` is for them.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--full", action="store_true", help="read everything")
        parser.add_argument("--account", metavar="ID", help="read one account and its sites")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_settings()
        except ImproperlyConfigured as error:
            raise CommandError(str(error), returncode=2) from error
        run = self._want(options)
        done: SyncRun | None = None
        while done is None or done.is_open:
            done = sync.run(run.pk)
            if done is None:
                # A worker carries it out, or it waits for its next try.
                time.sleep(POLL_SECONDS)
                done = SyncRun.objects.get(pk=run.pk)
            if done.is_open and done.failures >= PATIENCE:
                raise CommandError(f"Not read yet: {done.error} It goes on by itself.")
        if done.state != SyncRun.State.SUCCEEDED:
            raise CommandError(f"{done.get_state_display()}: {done.error or 'stopped by a person'}")
        self.stdout.write(
            f"Read {done.packages_seen} packages and {done.sites_seen} sites"
            f" in {done.calls} calls; {done.rows_changed} rows changed."
        )

    def _want(self, options: dict[str, Any]) -> SyncRun:
        if not options["account"]:
            kind = SyncRun.Kind.FULL if options["full"] else SyncRun.Kind.INCREMENTAL
            return sync.want(kind)
        if options["full"]:
            raise CommandError("--full and --account exclude each other", returncode=2)
        id_ = as_wix_id(options["account"])
        if id_ is None:
            raise CommandError(f"not an id: {options['account']!r}", returncode=2)
        account, _ = Account.objects.get_or_create(id=id_)
        return sync.want(SyncRun.Kind.ACCOUNT, account=account)
