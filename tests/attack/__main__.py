"""The program: `python -m tests.attack [part ...]`."""

import argparse
import sys
from importlib import import_module

from .ground import Ground, private_ground
from .report import Report, say


def main() -> int:
    """Try the parts asked for, all by default; 1 if any attack succeeded."""
    parts, proving = _arguments()
    report = Report(proving)
    with private_ground(report) as ground:
        # In this order whatever was asked for: some leave the rows spoilt for those before them.
        for name in [one for one in PARTS if one in parts or not parts]:
            say(f"\n{name}: {PARTS[name]}")
            _carry_out(name, ground)
    return report.conclude()


PARTS = {
    "rights": "what a role, a stranger and a person with a scope may not reach",
    "scripts": "scripts in every text from Wix, imports and people",
    "queries": "SQL in every filter of every list",
    "redirects": "ways to other hosts",
    "headers": "hosts, forwarded headers, split headers, smuggled requests",
    "paths": "files and addresses that are none",
    "bodies": "slow and huge requests",
    "tokens": "tokens of the API, guessed and stolen",
    "factors": "ways past the second factor",
    "sessions": "sessions that are set, stolen and stretched",
    "passwords": "guesses by name, by address and spread, and names told apart",
    "forgotten": "links to another password: asked for, guessed, turned elsewhere",
    "forms": "forms that other sites send",
}


def _carry_out(name: str, ground: Ground) -> None:
    # Django is set up by now: models can be imported.
    import_module(f"tests.attack.{name}").attack(ground)


def _arguments() -> tuple[list[str], list[str]]:
    parser = argparse.ArgumentParser(
        prog="python -m tests.attack",
        description="Attack a web process of ours, and say of each attack whether it succeeded.",
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument(
        "--proving",
        action="append",
        default=[],
        metavar="ITEM",
        help="only the items whose lines begin so, each until something came through",
    )
    arguments = parser.parse_args()
    parts: list[str] = arguments.parts
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return parts, arguments.proving


if __name__ == "__main__":
    sys.exit(main())
