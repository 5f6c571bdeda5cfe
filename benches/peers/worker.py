"""A program that answers requests in one warm process, and what the system knows of it."""

import json
import os
import subprocess
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


class Worker:
    """A process that takes a JSON object a line and gives one back."""

    def __init__(self, command, environment=None):
        self.process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **(environment or {})},
        )

    def ask(self, **request):
        """The answer, with the processor time that it took under `processor`."""
        before = processor_seconds(self.process.pid)
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.process.args} ended: exit {self.process.wait()}")
        answer = json.loads(line)
        if "error" not in answer and before is not None:
            answer["processor"] = processor_seconds(self.process.pid) - before
        return answer

    def peak_bytes(self):
        return peak_bytes(self.process.pid)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def run_to_end(command, environment=None):
    """Runs a program to its end: seconds, processor seconds, peak resident bytes, what it printed."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **(environment or {})},
    )
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{printed}")
    return {
        "seconds": seconds,
        "processor": usage.ru_utime + usage.ru_stime,
        # Linux counts KiB, macOS bytes.
        "peak_bytes": usage.ru_maxrss * (1 if os.uname().sysname == "Darwin" else 1024),
        "printed": printed,
    }


def processor_seconds(pid):
    """User and system time of a process so far; None where /proc is not."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / TICKS


def peak_bytes(pid):
    """The most memory that a process held; None where /proc is not."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None


def folder_bytes(folder):
    return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
