"""What a file that the database wrote still needs: apostrophes before formulas, single lines.

Hardly any line needs either, so the database writes cells as they are, and here its bytes are
looked through, many lines at once. A line that may need something is read back and written cell by
cell, as every line is where the database cannot write: one guard for both.
"""

import csv
import io
import re
from collections.abc import Sequence
from itertools import islice

from dashboard.models import DELIMITERS
from resellers.formulas import BEGINNERS, FORMULAS, SKIPPED, TRIGGERS

from .csv_file import Dialect, cell_value, single_line

# What the bytes of lines are told apart by: a formula may begin behind the first, with the second;
# the third has a line read in any case.
BEHIND, BEGINS, ODD, OTHER = b",=!."


def _leads(letters: Sequence[str]) -> set[int]:
    """The first byte of each of these letters."""
    return {letter.encode()[0] for letter in letters}


_CONTROLS = {ord(letter) for letter in BEGINNERS if ord(letter) < 32} - {ord("\n")}
_LONG = [(letter.encode()[:1], letter.encode()) for letter in BEGINNERS if ord(letter) > 127]
_RISKY, _ODD = bytes((BEHIND, BEGINS)), bytes((ODD,))


class Guard:
    """Finishes the lines of one file; `texts` says of each column whether it holds text."""

    def __init__(self, dialect: Dialect, texts: Sequence[bool]) -> None:
        self._texts = texts
        self._write = cell_value if dialect.breaks == "kept" else single_line
        sign = DELIMITERS[dialect.delimiter]
        self._delimiter = sign
        mark = re.escape(sign)
        self._cell = re.compile(f'(?:"((?:[^"]|"")*)"|([^{mark}]*))(?:{mark}|\\Z)')
        table = bytearray([OTHER]) * 256
        for byte in {ord(letter) for letter in ',;|"\n'}:
            table[byte] = BEHIND
        for byte in _leads(SKIPPED) | _leads(FORMULAS) | _leads(TRIGGERS) | {ord("'")}:
            if byte != ord("\n"):
                table[byte] = BEGINS
        for byte in _CONTROLS:
            table[byte] = ODD
        if sign == "\t":
            table[ord("\t")] = BEHIND
            table[ord('"')] = ODD  # a tab that begins a cell stands behind one
        self._kinds = bytes(table)

    def finish(self, lines: Sequence[memoryview]) -> bytes:
        """These lines, which end each with a line feed, as the file has them."""
        written = b"".join(lines)
        if not self.may_need(written, len(lines)):
            return written.replace(b"\n", b"\r\n")
        return b"".join(self._line(bytes(line)) for line in lines)

    def _line(self, line: bytes) -> bytes:
        if self.may_need(line, 1):
            return self._anew(line[:-1].decode())
        return line[:-1] + b"\r\n"

    def may_need(self, written: bytes, lines: int) -> bool:
        """Whether anything in so many lines may be a formula or a break; none is overlooked."""
        kinds = (b"\n" + written).translate(self._kinds)
        return (
            _RISKY in kinds
            or _ODD in kinds
            # One byte is looked for in no time, so what takes longer stands behind such a look.
            or (b'"' in written and written.count(b"\n") != lines)
            or any(lead in written and letter in written for lead, letter in _LONG)
        )

    def _anew(self, line: str) -> bytes:
        found = islice(self._cell.finditer(line), len(self._texts))
        cells = [one[2] if one[1] is None else one[1].replace('""', '"') for one in found]
        buffer = io.StringIO()
        writer = csv.writer(buffer, delimiter=self._delimiter, lineterminator="\r\n")
        guarded = zip(cells, self._texts, strict=True)
        writer.writerow([self._write(cell) if text else cell for cell, text in guarded])
        return buffer.getvalue().encode()
