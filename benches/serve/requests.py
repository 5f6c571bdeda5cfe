"""What a request costs: `SELECT 1` over HTTP, many times; large results as JSON and as Arrow; many clients at once.

    python3 benches/serve/requests.py target/release/bedside [--requests 10000] [--rows 1000000] [--clients 50]

Starts a server of its own without tokens on an empty home. It measures the front and the gate: the statements do nothing.
Prints one line a measurement; ratios within one run are what counts.
"""

import argparse
import http.client
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.parse


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--clients", type=int, default=50)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, BEDSIDE_HOME=folder)
        server = subprocess.Popen([arguments.program, "serve", "--no-token", "--listen", "127.0.0.1:0"], env=environment, stderr=subprocess.PIPE, text=True)
        try:
            url = re.search(r" on (http://\S+)", server.stderr.readline())[1]
            small(url, server.pid, arguments.requests)
            many(url, arguments.clients)
            large(url, arguments.rows)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()


class Client:
    def __init__(self, url):
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=600)

    def ask(self, method, path, body=None):
        self.connection.request(method, f"/bigquery/v2/projects/local{path}", body and json.dumps(body), {"Content-Type": "application/json"})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{answer.status}: {text[:500]}")
        return text

    def query(self, text, **more):
        return json.loads(self.ask("POST", "/queries", {"query": text, "useLegacySql": False, "timeoutMs": 100_000, **more}))


def resident(pid):
    """Bytes of memory that the server holds."""
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) * 1024


def small(url, pid, requests):
    client = Client(url)
    times = []
    before = None
    for number in range(requests):
        if number == min(1000, requests // 10):
            before = resident(pid)
        start = time.perf_counter()
        client.query("SELECT 1")
        times.append(time.perf_counter() - start)
    tenth = max(1, requests // 10)
    first, last = statistics.median(times[:tenth]), statistics.median(times[-tenth:])
    print(f"SELECT 1, {requests} times: median {statistics.median(times) * 1e3:.2f} ms, 99 % below {sorted(times)[int(requests * 0.99)] * 1e3:.2f} ms")
    print(f"  last tenth to first tenth: {last / first:.2f}; memory grew by {(resident(pid) - before) / 1e6:.1f} MB from the second tenth on")


def many(url, clients):
    texts = ["SELECT 1", "SELECT SUM(x) FROM UNNEST(GENERATE_ARRAY(1, 100000)) AS x", "SELECT x, COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 20000)) AS x GROUP BY x ORDER BY x LIMIT 10"]
    failed = []

    def work(number):
        try:
            client = Client(url)
            for turn in range(6):
                client.query(texts[(number + turn) % len(texts)])
        except (Exception, SystemExit) as error:
            failed.append(error)

    start = time.perf_counter()
    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    print(f"{clients} clients at once, 6 statements each: {time.perf_counter() - start:.1f} s, {len(failed)} failed {failed[:1]}")


def large(url, rows):
    client = Client(url)
    text = f"SELECT x, x / 7 AS f, CONCAT('text of row ', CAST(x AS STRING)) AS s, TIMESTAMP_ADD(TIMESTAMP '2150-01-01 00:00:00+00', INTERVAL x SECOND) AS t FROM UNNEST(GENERATE_ARRAY(1, {rows})) AS x"
    job = client.query(text, maxResults=0)["jobReference"]["jobId"]
    size, token, start = 0, None, time.perf_counter()
    while True:
        page = client.ask("GET", f"/queries/{job}?formatOptions.useInt64Timestamp=true" + (f"&pageToken={token}" if token else ""))
        size += len(page)
        found = re.search(rb'"pageToken":"([^"]+)"', page[:4000])
        if not found:
            break
        token = found[1].decode()
    seconds = time.perf_counter() - start
    print(f"{rows} rows as JSON: {size / 1e6:.0f} MB in {seconds:.2f} s, {size / 1e6 / seconds:.0f} MB/s")


if __name__ == "__main__":
    main()
