"""What chaos tells: a line a run, what went wrong in full, counts at the end."""

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence


class Report:
    """The lines of one run of the program. `wrong` counts what ended wrong."""

    def __init__(self, seed: int, only: str = "") -> None:
        self.seed = seed
        self.only = only
        self.wrong: list[str] = []
        self.left_out = 0
        self._started = time.monotonic()
        self._until = 0.0
        self._is_limited = False
        self._ends: dict[str, Counter[str]] = defaultdict(Counter)
        self._notes: dict[str, str] = {}

    @property
    def runs(self) -> int:
        """How many runs there were."""
        return sum(sum(ends.values()) for ends in self._ends.values())

    def give(self, minutes: float | None) -> None:
        """The next part has so many minutes, and what those before it have left; None: no limit."""
        self._is_limited = minutes is not None
        self._until += 60 * (minutes or 0)

    def wants(self, label: str) -> bool:
        """Whether a run of that label is asked for, and there is time for it.

        `--only` names labels, or parts of them. What there was no time for is counted.
        """
        if self.only not in label:
            return False
        late = self._is_limited and time.monotonic() - self._started > self._until
        self.left_out += late
        return not late

    def note(
        self, label: str, end: str, wrongs: Sequence[str] = (), story: Iterable[str] = ()
    ) -> None:
        """One run: how it ended, and where it ended wrong, everything known of it."""
        at = time.monotonic() - self._started
        say(f"{at:7.1f} s  {'WRONG' if wrongs else 'right'}  {label:<46} {end}")
        self._ends[label.split(maxsplit=1)[0]][
            "wrong" if wrongs else end.split(maxsplit=1)[0].strip(",")
        ] += 1
        if wrongs:
            self.wrong.append(label)
            for line in (*wrongs, *story):
                say(f"                 {line}")

    def tell(self, part: str, words: str) -> None:
        """What else is to stand beside that part's counts at the end."""
        self._notes[part] = words

    def conclude(self) -> int:
        """Print the counts, and how to run again what ended wrong; the exit status."""
        say("")
        for part, ends in self._ends.items():
            counts = ", ".join(f"{count} {end}" for end, count in sorted(ends.items()))
            note = f"; {self._notes[part]}" if part in self._notes else ""
            say(f"{part:<22} {sum(ends.values()):>5} runs: {counts}{note}")
        if self.left_out:
            say(f"{self.left_out} runs were left out for lack of time: FULL=1 runs them all")
        minutes = (time.monotonic() - self._started) / 60
        say(f"{self.runs} runs in {minutes:.1f} minutes, {len(self.wrong)} wrong, SEED={self.seed}")
        for label in self.wrong:
            say(f'again: SEED={self.seed} python -m tests.chaos --only "{label}"')
        return 1 if self.wrong or not self.runs else 0


def say(line: str) -> None:
    """A line, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
