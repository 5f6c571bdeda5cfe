"""What every part of a comparison needs to know."""

import statistics
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Settings:
    """How to measure."""

    program: Path
    """The bedside program, built for release."""
    stopwatch: Path
    """Its engine in a warm process."""
    python: Path
    work: Path
    """A folder to fill."""
    threads: int
    memory: int
    """Bytes that each engine may hold."""
    rounds: int
    """Times that every query is measured, after one warm-up."""
    long_rounds: int
    """The same for what takes seconds: loading and building."""

    @property
    def environment(self):
        return {"BEDSIDE_THREADS": str(self.threads), "POLARS_MAX_THREADS": str(self.threads)}

    def bedside(self, home, *arguments):
        return [self.program, "--home", home, "--threads", self.threads, *arguments]


def median(values):
    return statistics.median(values) if values else None


def say(text):
    print(text, flush=True)
