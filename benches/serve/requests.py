"""What a request costs: `SELECT 1` over HTTP, many times; large results as JSON and as Arrow; many clients at once.

    python3 benches/serve/requests.py target/release/bedside [--requests 10000] [--rows 1000000] [--clients 50] [--memory 1GiB]

Starts a server of its own without tokens on an empty home. Requests are measured by statements that do nothing, throughput by
a result that is there already. Arrow is read by a client of our own, which counts bytes and looks at nothing: BigQuery's own
libraries take longer to read than any server to send. Prints one line a measurement.
"""

import argparse
import http.client
import json
import os
import pathlib
import re
import signal
import socket
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
    parser.add_argument("--memory", default="1GiB", help="what all statements together may hold")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, BEDSIDE_HOME=folder)
        server = subprocess.Popen([arguments.program, "serve", "--memory", arguments.memory, "--no-token", "--listen", "127.0.0.1:0"], env=environment, stderr=subprocess.PIPE, text=True)
        try:
            url = re.search(r" on (http://\S+)", server.stderr.readline())[1]
            small(url, server.pid, arguments.requests)
            many(url, server.pid, arguments.clients, arguments.memory)
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


def resident(pid, what="VmRSS"):
    """Bytes of memory that the server holds; with VmHWM, that it ever held."""
    return int(re.search(rf"{what}:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) * 1024


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


# Nothing, a sum, groups, a sort that does not fit into a share of the budget, a join, a window, a table of one's own.
MIXED = [
    "SELECT 1",
    "SELECT SUM(x) FROM UNNEST(GENERATE_ARRAY(1, 100000)) AS x",
    "SELECT x, COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 200000)) AS x GROUP BY x ORDER BY x LIMIT 10",
    "SELECT s FROM (SELECT CONCAT('text number ', CAST(MOD(x * 7919, 300007) AS STRING)) AS s FROM UNNEST(GENERATE_ARRAY(1, 300000)) AS x) ORDER BY s LIMIT 5",
    "SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 50000)) AS a JOIN UNNEST(GENERATE_ARRAY(1, 50000)) AS b ON a = b",
    "SELECT MAX(n) FROM (SELECT ROW_NUMBER() OVER (PARTITION BY MOD(x, 100) ORDER BY x) AS n FROM UNNEST(GENERATE_ARRAY(1, 50000)) AS x)",
    "SELECT COUNT(*) FROM mine.t",
    "INSERT INTO mine.t VALUES (1)",
]


def many(url, pid, clients, memory):
    Client(url).query("CREATE SCHEMA mine; CREATE TABLE mine.t (x INT64)")
    failed, times = [], []

    def work(number):
        try:
            client = Client(url)
            for turn in range(len(MIXED)):
                start = time.perf_counter()
                client.query(MIXED[(number + turn) % len(MIXED)])
                times.append(time.perf_counter() - start)
        except (Exception, SystemExit) as error:
            failed.append(error)

    start = time.perf_counter()
    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    inserted = json.loads(Client(url).ask("POST", "/queries", {"query": "SELECT COUNT(*) FROM mine.t", "useLegacySql": False}))["rows"][0]["f"][0]["v"]
    print(f"{clients} clients at once, {len(times)} mixed statements: {time.perf_counter() - start:.1f} s, slowest {max(times):.1f} s, {len(failed)} failed {failed[:1]}")
    print(f"  {inserted} of {clients} inserts are there; the server held {resident(pid, 'VmHWM') / 1e6:.0f} MB at most, of which statements may hold {memory}")


def large(url, rows):
    client = Client(url)
    text = f"SELECT x, x / 7 AS f, CONCAT('text of row ', CAST(x AS STRING)) AS s, TIMESTAMP_ADD(TIMESTAMP '2150-01-01 00:00:00+00', INTERVAL x SECOND) AS t FROM UNNEST(GENERATE_ARRAY(1, {rows})) AS x"
    job = client.query(text, maxResults=0)["jobReference"]["jobId"]
    table = json.loads(client.ask("GET", f"/jobs/{job}"))["configuration"]["query"]["destinationTable"]
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
    for streams in [1, 2]:
        start = time.perf_counter()
        size = arrow(url, table, streams)
        seconds = time.perf_counter() - start
        print(f"{rows} rows as Arrow, {streams} at once: {size / 1e6:.0f} MB in {seconds:.2f} s, {size / 1e6 / seconds:.0f} MB/s")


def arrow(url, table, streams):
    """Reads a table by the Storage Read API, each stream on a connection of its own; gives bytes."""
    path = f"projects/{table['projectId']}/datasets/{table['datasetId']}/tables/{table['tableId']}"
    # CreateReadSessionRequest: parent = 1, read_session = 2 {data_format = 3 (ARROW), table = 6}, max_stream_count = 3.
    session = field(3, 2) + field(6, path.encode())
    request = field(1, b"projects/local") + field(2, session) + field(3, streams)
    answer = b"".join(call(url, "CreateReadSession", request))
    names = re.findall(rb"projects/local/locations/us/sessions/[0-9a-f]+/streams/\d+", answer)
    sizes = []
    # ReadRowsRequest: read_stream = 1.
    read = lambda name: sizes.append(sum(len(piece) for piece in call(url, "ReadRows", field(1, name))))
    threads = [threading.Thread(target=read, args=(name,)) for name in names]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    if len(sizes) != len(names):
        raise SystemExit("a stream failed")
    return sum(sizes)


def field(number, value):
    """A field of a protobuf message."""
    if isinstance(value, int):
        return bytes([number << 3]) + varint(value)
    return bytes([number << 3 | 2]) + varint(len(value)) + value


def varint(value):
    return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + varint(value >> 7)


def call(url, method, message):
    """One call of gRPC over HTTP/2 by hand: gives the pieces of the answer as they come."""
    host = urllib.parse.urlsplit(url)
    connection = socket.create_connection((host.hostname, host.port), timeout=600)
    frame = lambda kind, flags, stream, body: len(body).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + body
    text = lambda words: bytes([len(words)]) + words.encode()
    headers = {":method": "POST", ":scheme": "http", ":path": f"/google.cloud.bigquery.storage.v1.BigQueryRead/{method}", ":authority": host.netloc, "content-type": "application/grpc", "te": "trailers"}
    block = b"".join(b"\0" + text(name) + text(value) for name, value in headers.items())
    # Windows and frames as large as the protocol lets them be: nothing is held back.
    settings = (4).to_bytes(2, "big") + (2**31 - 1).to_bytes(4, "big") + (5).to_bytes(2, "big") + (2**24 - 1).to_bytes(4, "big")
    opening = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, settings) + frame(8, 0, 0, (2**31 - 1 - 65535).to_bytes(4, "big"))
    connection.sendall(opening + frame(1, 4, 1, block) + frame(0, 1, 1, b"\0" + len(message).to_bytes(4, "big") + message))
    reader = connection.makefile("rb", buffering=1 << 20)
    ended = False
    while not ended:
        head = reader.read(9)
        if len(head) < 9:
            raise SystemExit("the server closed the connection")
        body = reader.read(int.from_bytes(head[:3], "big"))
        kind, flags = head[3], head[4]
        if kind == 0:
            yield body
        elif kind == 4 and not flags & 1:
            connection.sendall(frame(4, 1, 0, b""))
        elif kind == 6 and not flags & 1:
            connection.sendall(frame(6, 1, 0, body))
        elif kind in (3, 7):
            raise SystemExit(f"the server ended the call: {body!r}")
        ended = kind in (0, 1) and flags & 1
    connection.close()


if __name__ == "__main__":
    main()
