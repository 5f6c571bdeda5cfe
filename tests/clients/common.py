"""What the test files share: a client on the served demo, and small helpers."""

import json
import os
import pathlib
import urllib.request

URL = os.environ["BEDSIDE_URL"]
TOKEN = os.environ["BEDSIDE_TOKEN"]
PROGRAM = os.environ["BEDSIDE_PROGRAM"]
CLIENT = os.environ["BEDSIDE_CLIENT"]
PROJECT = "local"


def client(**options):
    """As people make one: the environment variables that client-setup prints decide everything."""
    from google.cloud import bigquery

    return bigquery.Client(**options)


def has_storage():
    """Whether this environment has the storage library."""
    try:
        import google.cloud.bigquery_storage  # noqa: F401
    except ImportError:
        return False
    return True


def version():
    """Of google-cloud-bigquery, as numbers."""
    from google.cloud import bigquery

    return tuple(int(part) for part in bigquery.__version__.split(".")[:2])


def request(method, path, body=None, headers=None, token=TOKEN, raw=None):
    """A plain HTTP request: status, headers, document."""
    data = raw if raw is not None else None if body is None else json.dumps(body).encode()
    sent = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {}), **(headers or {})}
    call = urllib.request.Request(URL + path, data=data, method=method, headers=sent)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(call, timeout=60) as response:
            status, text, got = response.status, response.read(), response.headers
    except urllib.error.HTTPError as error:
        status, text, got = error.code, error.read(), error.headers
    try:
        document = json.loads(text) if text else None
    except ValueError:
        document = text
    return status, got, document


def saw(client_name, words):
    """Keeps what a client made of every type, for the table in the guide."""
    folder = pathlib.Path(os.environ["BEDSIDE_SEEN"])
    (folder / f"seen-{client_name.replace('/', '-')}.json").write_text(json.dumps({client_name: words}))
