"""An OpenID provider of our own, from the package oidc-provider-mock, in a process of its own."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import requests

SECONDS = 20
PEOPLE = (
    {"sub": "ann-1", "preferred_username": "ann", "name": "Ann Example", "groups": ["Desk"]},
    {"sub": "bo-2", "preferred_username": "admin", "groups": ["Desk", "Heads"]},
    {"sub": "cy-3", "preferred_username": "cy", "groups": ["Kitchen"]},
)


@contextmanager
def running() -> Iterator[str]:
    """The address of a provider that answers."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = [part for one in PEOPLE for part in ("--user-claims", json.dumps(one))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port)]
    process = subprocess.Popen(
        [*command, "--require-nonce", "true", *told],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        give_up_at = time.monotonic() + SECONDS
        while True:
            try:
                requests.get(f"{address}/.well-known/openid-configuration", timeout=2)
                break
            except requests.ConnectionError:
                assert process.poll() is None, "the provider has ended"
                assert time.monotonic() < give_up_at, "the provider does not answer"
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def log_in(client, sub: str, start: str = "/login/provider/"):
    """Go to the provider, be that person there, and come back; returns the answer to that."""
    there = client.get(start)["Location"]
    back = requests.post(there, data={"sub": sub}, timeout=5, allow_redirects=False)
    place = urlsplit(back.headers["Location"])
    return client.get(f"{place.path}?{place.query}")
