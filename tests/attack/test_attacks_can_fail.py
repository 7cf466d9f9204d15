"""An attack that could not succeed anywhere would say nothing: a careless site is told as one."""

import os
import re
import subprocess
import sys

import pytest

from tests import databases, environment
from tests.attack.ground import SETTINGS

pytestmark = [pytest.mark.standalone, pytest.mark.at_length]
LINE = re.compile(r"^(right|WRONG)  (.+?) +\d+ requests +(\d+) succeeded$", re.MULTILINE)
# What has to succeed against it, by the beginnings of the lines.
MUST_SUCCEED = (
    *("IDOR: every address", "IDOR: lists", "IDOR: foreign ids"),
    *("hosts: another Host", "forwarded: TLS", "tokens: guessed", "huge: 50 MB", "huge: 100 KB"),
    *("huge: lengths", "session theft: the cookie that a script", "session sliding: kept alive"),
    *("session without an end", "second factor: codes guessed", "second factor: demanded"),
    *("brute force: one name, from many", "brute force: one name, all", "brute force: spread"),
    *("brute force: one name, spelled", "XSS: the canary", "headers that keep"),
)
PARTS = ("rights", "headers", "bodies", "tokens", "factors", "sessions", "passwords", "scripts")


def test_every_guard_that_is_left_away_is_told():
    env = os.environ | {SETTINGS: "tests.attack.careless"}
    if made := databases.made():
        env["TEST_DATABASE_FILE"] = str(made)
    proving = [word for name in MUST_SUCCEED for word in ("--proving", name)]
    command = [sys.executable, "-m", "tests.attack", *PARTS, *proving]
    ended = subprocess.run(
        command, cwd=environment.ROOT, env=env, capture_output=True, text=True, check=False
    )

    lines = {name: int(number) for _, name, number in LINE.findall(ended.stdout)}
    assert ended.returncode == 1, ended.stdout + ended.stderr
    # One that broke off has tried nothing, whatever its line says.
    for words in ("could not be tried", "nothing was sent"):
        assert words not in ended.stdout, ended.stdout
    found = {name for name, number in lines.items() if number}
    missed = [one for one in MUST_SUCCEED if not any(name.startswith(one) for name in found)]
    assert not missed, ended.stdout
