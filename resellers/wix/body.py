"""From the bytes of an answer to a JSON object, within limits that no answer may pass."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Iterable

from resellers.storable import storable

from .fields import Unreadable
from .types import Raw

LARGEST_BODY = 5 * 1024 * 1024
DEEPEST_NESTING = 64
LONGEST_INTEGER = 20


def read_body(chunks: Iterable[bytes], packing: str) -> bytes:
    """The unpacked body, at most 5 MB packed and unpacked; `packing` is its Content-Encoding."""
    packing = packing.strip().lower()
    if packing not in ("", "identity", "gzip"):
        raise Unreadable("the answer", "is packed in a way that was not asked for")
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > LARGEST_BODY:
            raise Unreadable("the answer", "is larger than 5 MB")
    return _unzip(bytes(data)) if packing == "gzip" and data else bytes(data)


def _unzip(data: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacker.decompress(data, LARGEST_BODY + 1)
    except zlib.error:
        raise Unreadable("the answer", "is not gzip although it says so") from None
    if len(unpacked) > LARGEST_BODY:
        raise Unreadable("the answer", "is larger than 5 MB")
    if not unpacker.eof:
        raise Unreadable("the answer", "is cut short")
    return unpacked


def decode_json(data: bytes) -> Raw:
    """The JSON object in an answer's body; an empty body counts as an empty object."""
    if not data.strip():
        return {}
    try:
        value = json.loads(
            data.decode("utf-8-sig"),
            parse_int=_integer_or_text,
            parse_float=_finite_or_text,
            parse_constant=_refuse_constant,
        )
    except (ValueError, RecursionError):
        raise Unreadable("the answer", "is not JSON") from None
    if not isinstance(value, dict):
        raise Unreadable("the answer", "is not a JSON object")
    _refuse_depth(value)
    return storable(value)


def _integer_or_text(digits: str) -> int | str:
    return int(digits) if len(digits) <= LONGEST_INTEGER else digits


def _finite_or_text(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) else digits


def _refuse_constant(word: str) -> object:
    raise ValueError(word)


def _refuse_depth(value: object, depth: int = 0) -> None:
    if depth > DEEPEST_NESTING:
        raise Unreadable("the answer", "is nested too deeply")
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            _refuse_depth(item, depth + 1)
