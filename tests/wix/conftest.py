from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from resellers.wix import WixClient
from tests.wix.examples import KEY, MAIN
from tests.wix.scripted import ScriptedServer


@pytest.fixture
def wix() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture
def make_client(wix: ScriptedServer) -> Iterator[Callable[..., WixClient]]:
    """Clients of the scripted server whose retries come quickly."""
    with ExitStack() as stack:

        def make(**changes: Any) -> WixClient:
            settings = {
                "base_url": wix.url,
                "api_key": KEY,
                "account_id": MAIN,
                "deadline": 5.0,
                "backoff": 0.005,
            }
            return stack.enter_context(WixClient(**(settings | changes)))

        yield make


@pytest.fixture
def client(make_client: Callable[..., WixClient]) -> WixClient:
    return make_client()
