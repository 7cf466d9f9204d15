"""The environment as settings: each value from NAME, or from the file that NAME_FILE names.

What makes no sense raises ImproperlyConfigured in words that name the setting and never repeat a
secret. So every process that reads the settings refuses to start with it.
"""

import re
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from environ import FileAwareEnv
from environ.fileaware_mapping import FileAwareMapping

from resellers.ip_addresses import Proxy, proxy_named
from resellers.wix_ids import as_wix_id

# As Django's own `check --deploy` wants a secret key.
SHORTEST_KEY = 50
FEWEST_CHARACTERS = 5
HOST = re.compile(r"\*|\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\]", re.IGNORECASE)
SMTP = "django.core.mail.backends.smtp.EmailBackend"
# What nobody sees who looks at a value: it comes along from another system's files, or is cut in.
INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff]")
NOT_IN_ADDRESSES = re.compile(r"[\s\\]")
# What every header may hold, and the client takes as a key: visible ASCII.
HEADER_VALUE = re.compile("[\x21-\x7e]+")


class _Variables(FileAwareMapping):
    def __getitem__(self, name: str) -> str:
        try:
            # Who makes a file with `echo` or an editor has a line break at its end.
            value: str = super().__getitem__(name).strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}") from error
        except UnicodeDecodeError as error:
            raise ImproperlyConfigured(f"{name}_FILE holds no text: {error}") from error
        if not value and self.env.get(f"{name}_FILE"):
            raise ImproperlyConfigured(f"{name}_FILE names a file that holds nothing")
        if found := INVISIBLE.search(value):
            raise ImproperlyConfigured(
                f"{name} holds a character that cannot be seen (U+{ord(found[0]):04X})."
                " Copy it anew, alone and on one line"
            )
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            raise ImproperlyConfigured(
                f"{name} stands in quotes, which are part of it here: give it without them"
            )
        if value.startswith("$"):
            # django-environ would take it for the name of another variable.
            raise ImproperlyConfigured(
                f"{name} begins with a dollar sign, as a variable does that nothing filled in:"
                " give the value itself, and where it is a key, one that begins otherwise"
            )
        return value


class Environment(FileAwareEnv):
    """The readers that settings.py is written with."""

    ENVIRON = _Variables(cache=False)

    def get_value(self, var: str, *args: Any, **options: Any) -> Any:
        try:
            return super().get_value(var, *args, **options)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} makes no sense: {error}") from error

    def is_set(self, name: str) -> bool:
        """Whether anything is said of that name, be it nonsense."""
        return bool(self.ENVIRON.env.get(name) or self.ENVIRON.env.get(f"{name}_FILE"))

    def file_of(self, name: str) -> str:
        """The file that holds the value of that name; empty where none does."""
        return str(self.ENVIRON.env.get(f"{name}_FILE") or "")

    def text(self, name: str, default: str = "") -> str:
        return self.str(name, default="") or default

    def words(self, name: str) -> list[str]:
        """What commas separate there, without the blanks around."""
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def number(self, name: str, default: int, *, least: int) -> int:
        text = self.text(name, str(default))
        if not (text.isascii() and text.isdecimal()) or int(text) < least:
            raise ImproperlyConfigured(
                f"{name} must be a whole number of at least {least}: {text!r}"
            )
        return int(text)

    def switch(self, name: str, *, default: bool = False) -> bool:
        """True or false; the default where nothing is said."""
        text = self.text(name, str(default)).lower()
        if text in ("1", "true", "yes", "on"):
            return True
        if text in ("0", "false", "no", "off"):
            return False
        raise ImproperlyConfigured(f"{name} must be true or false: {text!r}")

    def changed(self, name: str, usual: dict[str, Any]) -> dict[str, Any]:
        """The usual numbers, with what a JSON object there has in the place of single ones."""
        changes = self.json(name, default={})
        if not isinstance(changes, dict):
            raise ImproperlyConfigured(
                f"{name} makes no sense: it must be a JSON object, such as"
                f' {{"{next(iter(usual))}": 1}}'
            )
        for key in changes.keys() - usual.keys():
            raise ImproperlyConfigured(f"{name} knows no {key!r}: take of {', '.join(usual)}")
        return usual | changes

    def roles(self, name: str, *known: str) -> dict[str, str]:
        """Roles by the groups that give them: `Staff=viewer,Admins=admin`."""
        found = {}
        for word in self.words(name):
            group, equals, role = (part.strip() for part in word.rpartition("="))
            if not (group and equals) or role not in known:
                raise ImproperlyConfigured(
                    f"{name} takes pairs such as Staff=viewer,Admins=admin, with one of"
                    f" {', '.join(known)} behind each group: {word!r}"
                )
            found[group] = role
        return found

    def check_together(self, *names: str) -> None:
        """Refuse where some of these are set and others are not."""
        missing = [name for name in names if not self.text(name)]
        if missing and len(missing) < len(names):
            given = next(name for name in names if name not in missing)
            raise ImproperlyConfigured(f"{given} is set and {' and '.join(missing)} is not")

    def choice(self, name: str, *choices: str) -> str:
        """One of these words; the first where nothing is said."""
        text = self.text(name, choices[0])
        if text not in choices:
            raise ImproperlyConfigured(f"{name} must be {' or '.join(choices)}: {text!r}")
        return text

    def zone(self, name: str, default: str) -> str:
        """A time zone by its name, or the default. Those that count leap seconds are none."""
        text = self.text(name, default)
        try:
            # Read alone: to have them all listed takes longer than all other settings together.
            is_zone = ZoneInfo(text).key == text and not text.startswith(("posix", "right"))
        except (ZoneInfoNotFoundError, OSError, ValueError):
            is_zone = False
        if not is_zone:
            raise ImproperlyConfigured(f"{name} must be a zone such as Europe/Vilnius: {text!r}")
        return text

    def email(self, name: str, default: str) -> str:
        """The address of a mailbox, or the default."""
        text = self.text(name, default)
        try:
            validate_email(text)
        except ValidationError as error:
            raise ImproperlyConfigured(
                f"{name} must be one e-mail address, such as {default}: {text!r}"
            ) from error
        return text

    def mail_server(self, name: str, default: str) -> dict[str, Any]:
        """Django's settings for sending mail, by an address such as smtp+tls://user:pass@host."""
        try:
            found: dict[str, Any] = self.email_url_config(self.text(name, default))
        # What is said of an address that cannot be read may repeat the password.
        except (ImproperlyConfigured, ValueError):
            found = {}
        if not found or (found["EMAIL_BACKEND"] == SMTP and not found["EMAIL_HOST"]):
            raise ImproperlyConfigured(
                f"{name} makes no sense: it must begin like smtp+tls://user:password@host:587,"
                " smtp+ssl://user:password@host:465 or smtp://host:25"
            )
        usual = 587 if found.get("EMAIL_USE_TLS") else 465 if found.get("EMAIL_USE_SSL") else 25
        return found | {"EMAIL_PORT": found["EMAIL_PORT"] or usual}

    def address(self, name: str, default: str, *schemes: str) -> str:
        """An address that begins with one of these schemes, or the default."""
        text = self.text(name, default)
        if NOT_IN_ADDRESSES.search(text):
            raise ImproperlyConfigured(f"{name} holds a blank, a line break or a backslash")
        parts = _split(name, text)
        if text and (parts.scheme not in schemes or not parts.hostname):
            raise ImproperlyConfigured(f"{name} must begin like {schemes[0]}://host")
        return text

    def https_address(self, name: str, default: str) -> str:
        """An address that a key may be sent to: https, or http that stays on this machine."""
        text = self.address(name, default, "https", "http")
        parts = _split(name, text)
        if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
            raise ImproperlyConfigured(
                f"{name} must begin with https://, since the key goes there with every call;"
                f" http:// is for 127.0.0.1 and localhost alone, and this is {parts.hostname}"
            )
        if parts.username is not None or parts.query or parts.fragment:
            raise ImproperlyConfigured(
                f"{name} must be an address alone, without a name and password before the host"
                " and without ? and # behind"
            )
        return text

    def secret_keys(self, name: str, *, single: bool, strong: bool) -> list[str]:
        """The one secret key there, or several separated by commas; `strong` wants long ones."""
        keys = [self.text(name)] if single and self.text(name) else self.words(name)
        if any(len(key.splitlines()) > 1 for key in keys):
            raise ImproperlyConfigured(
                f"{name} holds a line break. Copy it anew, alone and on one line"
            )
        for key in keys if strong else ():
            if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS:
                raise ImproperlyConfigured(
                    f"{name} must be at least {SHORTEST_KEY} random characters: this one has"
                    f" {len(key)}, of which {len(set(key))} are different. Make one with:"
                    " python -c 'import secrets; print(secrets.token_urlsafe(50))'"
                )
        return keys

    def header_value(self, name: str) -> str:
        """What can be sent as a header of HTTP, blanks within it apart."""
        text = self.text(name)
        if text and not HEADER_VALUE.fullmatch(text):
            raise ImproperlyConfigured(
                f"{name} holds a blank, a line break or another character that no key has."
                " Copy it anew, alone and on one line"
            )
        return text

    def wix_id(self, name: str) -> str:
        text = self.text(name)
        if text and as_wix_id(text) is None:
            raise ImproperlyConfigured(f"{name} is no id of Wix: {text!r}")
        return text.lower()

    def hosts(self, name: str) -> list[str]:
        """The names that a site is reached by."""
        hosts = self.words(name)
        for host in hosts:
            if not HOST.fullmatch(host):
                raise ImproperlyConfigured(
                    f"{name} takes names of hosts alone, such as dashboard.agency.example, without"
                    f" scheme, port and path: {host!r}"
                )
        return hosts

    def origins(self, name: str) -> list[str]:
        """Origins of pages: scheme and host, with a port where it is not the usual one."""
        origins = self.words(name)
        for origin in origins:
            parts = _split(name, origin)
            if (
                parts.scheme not in ("https", "http")
                or origin != f"{parts.scheme}://{parts.netloc}"
            ):
                raise ImproperlyConfigured(
                    f"{name} takes origins such as https://dashboard.agency.example, with the"
                    f" scheme and without a path: {origin!r}"
                )
        return origins

    def proxies(self, name: str) -> list[Proxy]:
        """Addresses and networks of proxies, and `unix` for whatever comes by a unix socket."""
        try:
            return [proxy_named(word) for word in self.words(name)]
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{name} takes addresses, networks such as 10.0.0.0/24, and the word unix: {error}"
            ) from error


def _split(name: str, text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is no address: {error}") from error
    return parts


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
