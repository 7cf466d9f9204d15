"""From a fresh copy to processes that start: settings, and refusals to start."""

import ast
import re
import runpy
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests import environment
from tests.environment import PRODUCTION, ROOT
from tests.production import PROGRAMS, run

# A file of its own: beat removes and writes anew a schedule that it cannot read.
SCHEDULE = Path(tempfile.gettempdir()) / "dashboard-test-schedule"
PROCESSES = {
    "web": [PROGRAMS / "gunicorn", "--check-config", "dashboard.wsgi"],
    "worker": [PROGRAMS / "celery", "-A", "dashboard", "worker", "--pool", "solo"],
    "beat": [PROGRAMS / "celery", "-A", "dashboard", "beat", "--schedule", SCHEDULE],
    "sweep": [sys.executable, "manage.py", "sweep"],
    "sync_mirror": [sys.executable, "manage.py", "sync_mirror"],
}


# --- settings ------------------------------------------------------------------------------------


@pytest.fixture
def read_settings(monkeypatch) -> Callable[..., dict]:
    """A function that reads settings.py in production, with these changes to the environment."""

    def read(**changes: str) -> dict:
        for name, value in (PRODUCTION | changes).items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "dashboard" / "settings.py"))

    return read


def settings_read() -> set[str]:
    """The names that the settings ask the environment for."""
    files = (ROOT / "dashboard").glob("*settings.py")
    trees = [ast.parse(file.read_text()) for file in files]
    nodes = (node for tree in trees for node in ast.walk(tree))
    calls = (ast.unparse(node) for node in nodes if isinstance(node, ast.Call))
    asked = (re.match(r"env\.(?!is_set)\w+\('([A-Z0-9_]+)'", call) for call in calls)
    return {found[1] for found in asked if found}


def test_the_example_names_every_setting_and_no_other():
    text = (ROOT / ".env.example").read_text()

    assert set(re.findall(r"^#?([A-Z0-9_]+)=", text, re.MULTILINE)) == settings_read()


def test_the_readme_names_every_setting():
    text = (ROOT / "README.md").read_text()

    assert settings_read() <= set(re.findall(r"`([A-Z0-9_]+)`", text))


def test_the_suite_gives_every_setting_a_value():
    assert set(environment.TESTS) == settings_read()


LONG = "0123456789abcdefghijklmnopqrstuvwxyz" * 2
NONSENSE = [
    ("DEBUG", "perhaps", "true or false"),
    ("WIX_CALLS_PER_MINUTE", "many", "whole number"),
    ("WIX_CALLS_PER_MINUTE", "0", "at least 1"),
    ("WIX_CALLS_PER_MINUTE", "²", "whole number"),
    ("WIX_REASSIGN", "sideways", "two_step or direct"),
    ("WIX_B2B_EMAIL", "nonsense", "one e-mail address"),
    ("DNS_RESOLVER", "resolver.example", "must begin like https://host"),
    ("WIX_B2B_EMAIL", "a@wix.example,b@wix.example", "one e-mail address"),
    ("WIX_B2B_EMAIL", "a@wix.example?bcc=b@wix.example", "one e-mail address"),
    ("WIX_BASE_URL", "nonsense", "https://host"),
    ("WIX_BASE_URL", "https://", "https://host"),
    ("WIX_BASE_URL", "https://host:port", "no address"),
    ("WIX_BASE_URL", "http://www.wixapis.com", "must begin with https://"),
    ("WIX_BASE_URL", "http://127.0.0.1.example", "must begin with https://"),
    ("WIX_BASE_URL", "http://10.0.0.7:8001", "must begin with https://"),
    ("WIX_ACCOUNT_ID", "me", "no id of Wix"),
    ("WIX_ACCOUNT_ID", "{0a0a0a0a-0000-4000-8000-000000000000}", "no id of Wix"),
    ("WIX_ACCOUNT_ID", "0a0a0a0a000040008000000000000000", "no id of Wix"),
    ("WIX_API_KEY", "two words", "Copy it anew"),
    ("WIX_API_KEY", "two\nlines", "Copy it anew"),
    ("WIX_API_KEY", "bell\a", "Copy it anew"),
    ("WIX_API_KEY", "no-break\u00a0space", "Copy it anew"),
    ("WIX_API_KEY", "IST.\u20ac", "Copy it anew"),
    ("WIX_API_KEY", "IST.\u00e9", "Copy it anew"),
    ("WIX_API_KEY", "$WIX_KEY", "dollar sign"),
    ("WIX_API_KEY", '"IST.quoted"', "stands in quotes"),
    ("WIX_API_KEY", "\ufeffIST.of-notepad", "(U+FEFF). Copy it anew"),
    ("METRICS_TOKEN", "'quoted'", "stands in quotes"),
    ("SECRET_KEY", f"\ufeff{LONG}", "cannot be seen (U+FEFF)"),
    ("SECRET_KEY", f"{LONG}\u200b", "cannot be seen (U+200B)"),
    ("SECRET_KEY", f'"{LONG}"', "stands in quotes"),
    ("SECRET_KEY", f"{LONG}\n{LONG}", "holds a line break"),
    ("WIX_BASE_URL", "http://wix.example\\@localhost", "backslash"),
    ("WIX_BASE_URL", "https://www.wixapis.com/ x", "holds a blank"),
    ("WIX_BASE_URL", "https://user:hidden@www.wixapis.com", "an address alone"),
    ("WIX_BASE_URL", "https://www.wixapis.com/?a=b", "an address alone"),
    ("OPERATIONS", "[]", "must be a JSON object"),
    ("OPERATIONS", '{"LEASE": 3}', "knows no 'LEASE'"),
    ("DATABASE_URL", "postgres://user:hidden@host:port/name", "makes no sense"),
    ("DATABASE_URL", "postgres://user@host", "must name one database"),
    ("DATABASE_URL", "sqlite:///", "must name one database"),
    ("DATABASE_URL", "sqlite:////a\nsqlite:////b", "must name one database"),
    ("REDIS_URL", "redis://host/0\nredis://host/1", "holds a blank, a line break"),
    ("DATABASE_URL", "nonsense", "postgres://"),
    ("REDIS_URL", "nonsense", "redis://host"),
    ("EMAIL_URL", "nonsense", "makes no sense"),
    ("EMAIL_URL", "smtp://", "makes no sense"),
    ("EMAIL_URL", "smtp://user:hidden@host:many", "makes no sense"),
    ("DEFAULT_FROM_EMAIL", "The dashboard", "one e-mail address"),
    ("SITE_URL", "dashboard.example", "https://host"),
    ("WEBHOOKS_TO_PRIVATE_ADDRESSES", "perhaps", "true or false"),
    ("NOTIFY", "{", "makes no sense"),
    ("OPERATIONS", "{", "makes no sense"),
    ("MIRROR", "{", "makes no sense"),
    ("TIME_ZONE", "Mars/Olympus", "zone"),
    ("TIME_ZONE", "Europe", "zone"),
    ("TIME_ZONE", "../UTC", "zone"),
    ("TIME_ZONE", "right/UTC", "zone"),
    ("SECRET_KEY", "x", "at least 50 random characters"),
    ("SECRET_KEY", "x" * 60, "at least 50 random characters"),
    ("SECRET_KEY", "abcd" * 20, "at least 50 random characters"),
    ("SECRET_KEY", LONG[:49], "at least 50 random characters"),
    ("SECRET_KEY", f"${LONG}", "dollar sign"),
    ("SECRET_KEY", "$SECRET", "dollar sign"),
    ("SECRET_KEY_FALLBACKS", f"{LONG},x", "at least 50 random characters"),
    ("SECRET_KEY_FALLBACKS", f"${LONG}", "dollar sign"),
    ("SECRET_KEY_FILE", "/nowhere/secret", "cannot be read"),
    ("ALLOWED_HOSTS", "https://dashboard.example", "without scheme"),
    ("ALLOWED_HOSTS", "dashboard.example,other.example:8000", "without scheme, port"),
    ("ALLOWED_HOSTS", "dashboard.example/", "port and path"),
    ("ALLOWED_HOSTS", "dashboard.example other.example", "names of hosts alone"),
    ("CSRF_TRUSTED_ORIGINS", "dashboard.example", "with the scheme"),
    ("CSRF_TRUSTED_ORIGINS", "https://dashboard.example/", "without a path"),
    ("CSRF_TRUSTED_ORIGINS", "ftp://dashboard.example", "with the scheme"),
    ("TRUSTED_PROXIES", "nginx", "addresses, networks"),
    ("TRUSTED_PROXIES", "10.0.0.1/8", "addresses, networks"),
    ("TRUSTED_PROXIES", "0.0.0.0/0", "must not be everybody"),
    ("TRUSTED_PROXIES", "::/0", "must not be everybody"),
    ("TRUSTED_PROXIES", "*", "addresses, networks"),
    ("BEHIND_PROXY", "true", "TRUSTED_PROXIES"),
    ("BEHIND_PROXY", "false", "TRUSTED_PROXIES"),
]


@pytest.mark.parametrize(("name", "value", "words"), NONSENSE)
def test_nonsense_is_refused_and_the_setting_named(name, value, words, read_settings):
    with pytest.raises(ImproperlyConfigured, match=name) as refused:
        read_settings(**{name: value})

    assert words in str(refused.value)
    assert "hidden" not in str(refused.value), "nor is a password"
    if name in ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "WIX_API_KEY"):
        assert value not in str(refused.value).split(), "a secret is told to nobody"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WIX_BASE_URL", "http://localhost:8001"),
        ("WIX_BASE_URL", "http://[::1]:8001"),
        ("WIX_BASE_URL", "http://127.8.0.1"),
        ("WIX_API_KEY", "IST.eyJraWQiOiJQ-_~+/=."),
    ],
)
def test_what_makes_sense_is_taken_as_it_is(name, value, read_settings):
    assert read_settings(**{name: value})[name] == value


def test_hosts_origins_and_proxies_may_be_several(read_settings):
    read = read_settings(
        ALLOWED_HOSTS="dashboard.example, .agency.example,10.0.0.7,[::1],*",
        CSRF_TRUSTED_ORIGINS="https://dashboard.example,https://*.agency.example:8443",
        TRUSTED_PROXIES="10.0.0.7, 10.0.1.0/24,2001:db8::/32,UNIX",
        SECRET_KEY_FALLBACKS=f"{LONG}, {LONG}2",
    )

    assert read["ALLOWED_HOSTS"] == [
        *("dashboard.example", ".agency.example", "10.0.0.7", "[::1]", "*")
    ]
    assert read["CSRF_TRUSTED_ORIGINS"][1] == "https://*.agency.example:8443"
    assert [str(proxy) for proxy in read["TRUSTED_PROXIES"]] == [
        *("10.0.0.7/32", "10.0.1.0/24", "2001:db8::/32", "unix")
    ]
    assert read["SECRET_KEY_FALLBACKS"] == [LONG, f"{LONG}2"]


@pytest.mark.parametrize("name", ["DEBUG", "DEMO"])
def test_a_trial_may_have_a_weak_key(name, read_settings):
    assert read_settings(**{name: "true"}, SECRET_KEY="x")["SECRET_KEY"] == "x"


@pytest.mark.parametrize("end", ["", "\n", "\r\n", " \n\n"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WIX_API_KEY", "IST.from-a-file"),
        ("WIX_ACCOUNT_ID", "0a0a0a0a-0000-4000-8000-00000000000a"),
        ("SECRET_KEY", LONG),
        ("DATABASE_URL", "sqlite:////var/lib/dashboard/db"),
        ("REDIS_URL", "redis://localhost/0"),
        ("WIX_REASSIGN", "direct"),
        ("WIX_B2B_EMAIL", "partners@wix.example"),
        ("TIME_ZONE", "Europe/Vilnius"),
    ],
)
def test_a_value_may_come_from_a_file_that_ends_with_a_line_break(
    name, value, end, read_settings, tmp_path
):
    file = tmp_path / "value"
    file.write_bytes(f"{value}{end}".encode())

    assert read_settings(**{f"{name}_FILE": str(file)})[name] == value


def test_a_file_that_is_no_text_is_refused(read_settings, tmp_path):
    file = tmp_path / "value"
    file.write_bytes(b"\xff\xfe")

    with pytest.raises(ImproperlyConfigured, match="WIX_API_KEY_FILE holds no text"):
        read_settings(WIX_API_KEY_FILE=str(file))


@pytest.mark.parametrize("name", ["WIX_API_KEY", "SECRET_KEY", "DATABASE_URL", "REDIS_URL"])
def test_a_file_that_is_named_and_holds_nothing_is_refused(name, read_settings, tmp_path):
    """Else another database would be used, or none of the secrets that were meant."""
    file = tmp_path / "value"
    file.write_text(" \n")

    with pytest.raises(ImproperlyConfigured, match=f"{name}_FILE names a file that holds nothing"):
        read_settings(**{f"{name}_FILE": str(file)})


def test_production_settings_pass_the_deployment_check():
    checked = run([sys.executable, "manage.py", "check", "--deploy"])

    assert "no issues (0 silenced)" in checked.stdout


SECRETS = ("SECRET_KEY", "WIX_API_KEY", "WIX_ACCOUNT_ID")


@pytest.mark.parametrize(
    ("process", "missing"),
    [(process, SECRETS if process != "sync_mirror" else SECRETS[1:2]) for process in PROCESSES],
)
def test_production_refuses_to_start_without_secrets_and_says_which(process, missing):
    refused = run(PROCESSES[process], **dict.fromkeys(missing, ""))

    assert refused.returncode != 0
    assert [name for name in SECRETS if name in refused.stdout] == list(missing)


# How each value is refused, the table above has told: here, that no process starts all the same.
@pytest.mark.parametrize("process", PROCESSES)
def test_every_process_refuses_what_cannot_be_a_key_and_names_it(process, tmp_path):
    (tmp_path / "key").write_text("IST.two\nlines\n")

    refused = run(PROCESSES[process], WIX_API_KEY_FILE=str(tmp_path / "key"))

    assert refused.returncode != 0
    assert "WIX_API_KEY holds a blank, a line break" in refused.stdout
    assert "IST.two" not in refused.stdout


@pytest.mark.parametrize("command", [["migrate", "--plan"], ["collectstatic", "--dry-run"]])
def test_a_bare_machine_can_be_prepared(command, tmp_path):
    database = f"sqlite:///{tmp_path / 'db.sqlite3'}"
    bare = dict.fromkeys(("SECRET_KEY", "WIX_API_KEY", "WIX_ACCOUNT_ID"), "")

    done = run([sys.executable, "manage.py", *command, "--no-input"], DATABASE_URL=database, **bare)

    assert done.returncode == 0, done.stdout
