"""Runs the real, unmodified clients of BigQuery against a served demo.

    python3 tests/clients/run.py target/release/bedside [--only TEXT] [--bless]

Makes one environment per set of versions under target/clients (kept for the next run), loads a small synthetic release into
a home of its own, serves it, and runs the test files that each environment is for. `--bless` rewrites the table of clients
and types in docs/guide/bigquery-clients.md from what was seen.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CACHE = ROOT / "target" / "clients"

# Environment, the test files that run in it.
ENVIRONMENTS = {
    "gcb-3.47-storage": ["test_query", "test_resources", "test_types", "test_load", "test_storage", "test_errors", "test_tls"],
    "gcb-3.47": ["test_query", "test_resources", "test_types", "test_load", "test_errors"],
    "gcb-3.25-storage": ["test_query", "test_types", "test_load"],
    "gcb-3.25": ["test_query", "test_types", "test_load"],
    "gcb-3.11": ["test_query", "test_types"],
    "tools": ["test_pandas_gbq", "test_sqlalchemy", "test_ibis", "test_magics"],
}
# What needs no environment: programs on the path, and plain HTTP.
PLAIN = ["test_http", "test_bigrquery", "test_bq", "test_concepts", "test_r"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", help="path of bedside")
    parser.add_argument("--only", default="", help="environments and test files whose name holds this text")
    parser.add_argument("--bless", action="store_true", help="rewrite the table in the guide")
    arguments = parser.parse_args()
    program = str(pathlib.Path(arguments.program).resolve())
    start = time.monotonic()
    every = {**ENVIRONMENTS, "plain": PLAIN}
    plans = [(name, wanted(name, files, arguments.only)) for name, files in every.items()]
    plans = [(name, files) for name, files in plans if files]
    try:
        pythons = {name: environment(name) for name, _ in plans}
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"the tests of BigQuery's clients were not run: their environments cannot be made here ({error})")
        return 0
    with tempfile.TemporaryDirectory(prefix="bedside-clients-") as folder:
        with Server(program, pathlib.Path(folder)) as server:
            failed = [name for name, files in plans if not run(pythons[name], name, files, server)]
        seen = collect(pathlib.Path(folder))
    if not failed and not arguments.only:
        failed += table(seen, arguments.bless)
    print(f"clients: {'failed: ' + ', '.join(failed) if failed else 'all hold'} ({time.monotonic() - start:.0f} s)")
    return 1 if failed else 0


def wanted(name, files, only):
    files = [file for file in files if (HERE / f"{file}.py").exists()]
    return files if only in name else [file for file in files if only in file]


def environment(name):
    """The interpreter of an environment, made if its requirements are new."""
    if name == "plain":
        return sys.executable
    requirements = HERE / "requirements" / f"{name}.txt"
    folder = CACHE / name
    python = folder / "bin" / "python"
    stamp = folder / "requirements.txt"
    if python.exists() and stamp.exists() and stamp.read_text() == requirements.read_text():
        return str(python)
    shutil.rmtree(folder, ignore_errors=True)
    uv = installer()
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, "-r", requirements], check=True)
    stamp.write_text(requirements.read_text())
    return str(python)


def installer():
    """uv, which shares files between environments: six of them take seconds and little space."""
    folder = CACHE / "uv"
    if not (folder / "bin" / "uv").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", "uv"], check=True)
    return str(folder / "bin" / "uv")


def run(python, name, files, server):
    print(f"clients: {name}: {', '.join(files)}", flush=True)
    variables = dict(server.variables, BEDSIDE_CLIENT=name, BEDSIDE_SEEN=str(server.folder), PYTHONPATH=str(HERE), PYTHONWARNINGS="ignore")
    done = subprocess.run([python, "-m", "unittest", "--quiet" if len(files) > 1 else "-v", *files], cwd=HERE, env=variables)
    return done.returncode == 0


class Server:
    """A home with a small synthetic release, and the demos where they are, and a server on it."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def __enter__(self):
        home = self.folder / "home"
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("GOOGLE_", "CLOUDSDK_", "BIGQUERY"))}
        environment.update(BEDSIDE_HOME=str(home), HOME=str(self.folder), BEDSIDE_CONFIG=str(self.folder / "none.toml"))
        pathlib.Path(environment["BEDSIDE_CONFIG"]).write_text("")
        command = lambda *words: subprocess.run([self.program, *words], env=environment, check=True, capture_output=True, text=True).stdout
        command("synth", "--patients", "20", "--seed", "7", "--out", str(self.folder / "synthetic"))
        command("load", str(self.folder / "synthetic"))
        for demo in demos():
            command("load", str(demo))
        exchange = self.folder / "exchange"
        exchange.mkdir()
        self.process = subprocess.Popen([self.program, "serve", "--listen", "127.0.0.1:0", "--folder", str(exchange)], env=environment, stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        found = re.search(r" on (http://\S+)", line)
        if not found:
            raise SystemExit(f"the server does not start: {line}{self.process.stderr.read()}")
        url = found[1]
        variables = dict(environment, BEDSIDE_URL=url, BEDSIDE_PROGRAM=self.program, BEDSIDE_EXCHANGE=str(exchange))
        for client in ["python", "bq"]:
            text = command("client-setup", client, "--url", url, "--check")
            variables.update(re.findall(r"^export (\w+)=(\S+)$", text, re.M))
        variables["BEDSIDE_TOKEN"] = pathlib.Path(variables["CLOUDSDK_AUTH_ACCESS_TOKEN_FILE"]).read_text().strip()
        self.variables = variables
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)


def demos():
    """PhysioNet's open demos, where they are beside the checkout (CONTRIBUTING.md says which)."""
    shared = pathlib.Path(os.environ.get("BEDSIDE_SHARED", ROOT.parent / "shared"))
    folders = [shared / "data" / name for name in ["mimic-iv-clinical-database-demo-2.2", "mimic-iii-clinical-database-demo-1.4"]]
    return [folder for folder in folders if folder.is_dir()]


def collect(folder):
    """What the clients saw of every type: {client: {type: word}}."""
    seen = {}
    for file in sorted(folder.glob("seen-*.json")):
        seen.update(json.loads(file.read_text()))
    return seen


def table(seen, bless):
    """Compares the guide's table of clients and types with what was seen."""
    guide = ROOT / "docs" / "guide" / "bigquery-clients.md"
    begin, end = "<!-- types: begin -->\n", "<!-- types: end -->\n"
    text = guide.read_text()
    types = list(dict.fromkeys(name for row in seen.values() for name in row))
    lines = ["| type | " + " | ".join(seen) + " |", "|---" * (len(seen) + 1) + "|"]
    lines += ["| " + " | ".join([name, *(row.get(name, "") for row in seen.values())]) + " |" for name in types]
    new = begin + "\n".join(lines) + "\n" + end
    changed = text[: text.index(begin)] + new + text[text.index(end) + len(end) :]
    if changed == text:
        return []
    if bless:
        guide.write_text(changed)
        return []
    print("the table in docs/guide/bigquery-clients.md is not what was seen; look at it after --bless")
    return ["table"]


if __name__ == "__main__":
    sys.exit(main())
