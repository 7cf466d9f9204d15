"""`make test`: the suite on SQLite and, beside it, what the database has a part in on PostgreSQL.

What SQLite's run prints comes as it is printed, PostgreSQL's once both have ended. Neither keeps
the other from running; the exit status is 0 where both held. Arguments go to pytest.
"""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.databases import BRIEF, POSTGRES, SQLITE, make_tables

# Together more than two cores have: much of a test's time is waiting for a server or a browser.
# Each begins with some ten seconds of reading and setting up; 0 is the one that there is anyhow.
PROCESSES = {SQLITE: 3, POSTGRES: 0}
NOTHING_COLLECTED = 5


def main(arguments: list[str]) -> int:
    """Run both and print both; 1 where one of them failed."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if not arguments:
        os.environ[BRIEF] = "1"
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryDirectory() as folder:
        postgres = _start(POSTGRES, arguments, {}, stdout=printed, stderr=subprocess.STDOUT)
        tables = Path(folder) / "tables.sqlite3"
        make_tables(tables)  # once for all of SQLite's processes: each would take ten seconds
        sqlite = _start(SQLITE, arguments, {"TEST_DATABASE_FILE": str(tables)})
        runs = {POSTGRES: postgres, SQLITE: sqlite}
        try:
            ends = {database: run.wait() for database, run in reversed(runs.items())}
        except KeyboardInterrupt:
            for run in runs.values():
                run.send_signal(signal.SIGINT)
            for run in runs.values():
                run.wait()
            return 130
        printed.seek(0)
        sys.stdout.write(f"\nThe run on PostgreSQL:\n{printed.read().decode()}\n")
    # Of what was asked for there may be nothing that one of the databases has a part in.
    without = [database for database, end in ends.items() if end == NOTHING_COLLECTED]
    if arguments and len(without) == 1:
        ends[without[0]] = 0
    for database, end in ends.items():
        sys.stdout.write(f"{database}: {f'FAILED, exit status {end}' if end else 'held'}\n")
    return int(any(ends.values()))


def _start(
    database: str, arguments: list[str], more: dict[str, str], **pipes: object
) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(PROCESSES[database])]
    command += ["--dist", "worksteal"] if PROCESSES[database] else []
    command += arguments
    env = os.environ | {"TEST_DATABASE": database} | more
    # Kept, what is compiled serves each process that the tests start: some hundred of them.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.Popen(command, env=env, **pipes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
