"""The server with a certificate of its own: REST and the Storage Read API as clients reach them that insist on TLS."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

import common

REST = """
from google.cloud import bigquery
client = bigquery.Client()
print([row.x for row in client.query("SELECT x FROM UNNEST([1, 2, 3]) AS x ORDER BY x").result()])
"""

# The endpoint as an option, which always means TLS: no channel is made by hand.
STORAGE = """
import os
from google.cloud import bigquery, bigquery_storage
from google.oauth2.credentials import Credentials
host = "localhost:" + os.environ["BIGQUERY_EMULATOR_HOST"].rsplit(":", 1)[1]
reader = bigquery_storage.BigQueryReadClient(credentials=Credentials(os.environ["TOKEN"]), client_options={"api_endpoint": host})
client = bigquery.Client()
job = client.query("SELECT x FROM UNNEST(GENERATE_ARRAY(1, 1000)) AS x")
print(int(job.to_dataframe(bqstorage_client=reader).x.sum()))
print(len(client.list_rows("physionet-data.mimiciv_icu.icustays").to_dataframe(bqstorage_client=reader)))
"""


def authority(folder):
    """An authority's certificate, which clients trust, and a server's certificate of it with its key: what clients that check
    strictly want; a certificate that signs itself is an authority's and no server's."""
    openssl = lambda *words: subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder)
    (folder / "server.cnf").write_text("basicConstraints=critical,CA:FALSE\nsubjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n")
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "server.cnf", "-out", "server.pem")
    return folder / "ca.pem", folder / "server.pem", folder / "server.key"


@unittest.skipUnless(shutil.which("openssl"), "openssl makes the certificate")
class Tls(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        path = pathlib.Path(self.folder.name)
        self.certificate, chain, key = authority(path)
        self.server = subprocess.Popen([common.PROGRAM, "serve", "--listen", "127.0.0.1:0", "--tls-cert", chain, "--tls-key", key], stderr=subprocess.PIPE, text=True)
        self.url = re.search(r" on (https://\S+)", self.server.stderr.readline())[1]
        trusting = dict(os.environ, SSL_CERT_FILE=str(self.certificate))
        # --check asks over TLS, too.
        setup = lambda client: subprocess.run([common.PROGRAM, "client-setup", client, "--url", self.url, "--out", path / client, "--check"], env=trusting, check=True, capture_output=True, text=True).stdout
        self.variables = dict(os.environ, **dict(re.findall(r"^export (\w+)=(\S+)$", setup("python"), re.M)))
        setup("bq")
        self.variables["TOKEN"] = (path / "bq" / "bq-token").read_text().strip()

    def tearDown(self):
        self.server.send_signal(signal.SIGINT)
        self.server.wait(timeout=30)
        self.server.stderr.close()
        self.folder.cleanup()

    def python(self, text, **more):
        return subprocess.run([sys.executable, "-c", text], env={**self.variables, **more}, capture_output=True, text=True, timeout=100)

    def test_clients_that_know_the_certificate_get_rows(self):
        self.assertTrue(self.url.startswith("https://"))
        done = self.python(REST, REQUESTS_CA_BUNDLE=str(self.certificate))
        self.assertEqual(done.stdout, "[1, 2, 3]\n", done.stderr[-2000:])
        if common.has_storage():
            done = self.python(STORAGE, REQUESTS_CA_BUNDLE=str(self.certificate), GRPC_DEFAULT_SSL_ROOTS_FILE_PATH=str(self.certificate))
            self.assertRegex(done.stdout, r"^500500\n\d+\n$", done.stderr[-2000:])

    def test_nobody_else_gets_an_answer(self):
        done = self.python("import requests, os; requests.get(os.environ['BIGQUERY_EMULATOR_HOST'])")
        self.assertIn("SSLError", done.stderr)
        plain = self.python("import requests, os; requests.get(os.environ['BIGQUERY_EMULATOR_HOST'].replace('https', 'http'))")
        self.assertIn("ConnectionError", plain.stderr)


if __name__ == "__main__":
    unittest.main()
