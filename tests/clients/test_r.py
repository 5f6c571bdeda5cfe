"""What `client-setup r` writes, run by R: with bigrquery where it is installed, else with a package that has what the file changes of
bigrquery's (the constants of its addresses, bq_auth) and sends requests as it does, by httr with the token."""

import pathlib
import shutil
import subprocess
import tempfile
import unittest

import common

REAL = """
library(bigrquery)
table <- bq_project_query("local", "SELECT 6 * 7 AS x")
cat(bq_table_download(table, api = "json")$x, "\\n")
"""

STAND_IN = """
found <- bigrquery::send("projects/local/queries", list(query = "SELECT 6 * 7 AS x", useLegacySql = FALSE))
cat(found$rows[[1]]$f[[1]]$v, "\\n")
"""

SOURCE = """
base_url <- "https://bigquery.googleapis.com/bigquery/v2/"
upload_url <- "https://bigquery.googleapis.com/upload/bigquery/v2/"
kept <- new.env()
bq_auth <- function(token) {
  stopifnot(inherits(token, "Token2.0"))
  assign("token", token, envir = kept)
}
send <- function(path, body) {
  answer <- httr::POST(paste0(base_url, path), httr::config(token = get("token", envir = kept)), body = body, encode = "json")
  httr::stop_for_status(answer)
  httr::content(answer)
}
"""


def r(*words, **more):
    return subprocess.run(["Rscript", "--vanilla", *words], capture_output=True, text=True, timeout=300, **more)


@unittest.skipUnless(shutil.which("Rscript") and r("-e", "library(httr)").returncode == 0, "R with httr")
class R(unittest.TestCase):
    def test_the_file_leads_bigrquery_here(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            setup = subprocess.run([common.PROGRAM, "client-setup", "r", "--url", common.URL, "--out", path / "r"], check=True, capture_output=True, text=True)
            line = setup.stdout.split("  #")[0]
            script, library = REAL, None
            if r("-e", "library(bigrquery)").returncode != 0:
                script, library = STAND_IN, path / "library"
                (path / "bigrquery" / "R").mkdir(parents=True)
                library.mkdir()
                (path / "bigrquery" / "DESCRIPTION").write_text("Package: bigrquery\nVersion: 0.0.1\nTitle: Stand-in\nDescription: Stand-in.\nLicense: Apache-2.0\nImports: httr\n")
                (path / "bigrquery" / "NAMESPACE").write_text("export(bq_auth, send)\n")
                (path / "bigrquery" / "R" / "all.R").write_text(SOURCE)
                subprocess.run(["R", "--vanilla", "CMD", "INSTALL", "--no-docs", "-l", library, path / "bigrquery"], check=True, capture_output=True)
            (path / "run.R").write_text(("" if library is None else f'.libPaths(c("{library}", .libPaths()))\n') + line + "\n" + script)
            done = r(path / "run.R", cwd=folder)
            self.assertEqual(done.stdout.strip(), "42", done.stderr[-2000:])


if __name__ == "__main__":
    unittest.main()
