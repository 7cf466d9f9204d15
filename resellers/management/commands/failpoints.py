from typing import Any

from django.core.management.base import BaseCommand

from resellers.operations.engine.failpoints import POINTS


class Command(BaseCommand):
    help = "List the points of the engine at which a test can kill or freeze a process."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, words in POINTS.items():
            self.stdout.write(f"{name:<12}{words}")
