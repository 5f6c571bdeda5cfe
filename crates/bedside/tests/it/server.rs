//! The program as a server, and requests to it.

use crate::harness::Place;
use serde_json::Value as Json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

/// A server on the home of a place, without tokens.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Server {
    /// Starts it on a port that is free, with more arguments.
    pub(crate) fn start(place: &Place, arguments: &[&str]) -> Self {
        let arguments = [&["serve", "--no-token", "--listen", "127.0.0.1:0"], arguments].concat();
        let mut child = place.command(&arguments).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let (_, address) = first.split_once(" on http://").unwrap_or_else(|| panic!("{first}"));
        let address = address.to_owned();
        // What it says later has to go somewhere.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    /// SIGKILL, as the kernel gives it where memory runs out.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Status and document of a request; status 0 where the server is gone.
    pub(crate) fn ask(&self, method: &str, path: &str, body: Option<&Json>) -> (u16, Json) {
        ask(&self.address, method, path, body)
    }

    /// The rows of a query, each cell as the API writes it.
    pub(crate) fn rows(&self, text: &str) -> Vec<Vec<Json>> {
        let body = serde_json::json!({ "query": text, "useLegacySql": false, "timeoutMs": 100_000 });
        let (status, answer) = self.ask("POST", "/queries", Some(&body));
        assert_eq!(status, 200, "{text}: {answer}");
        let rows = answer["rows"].as_array().cloned().unwrap_or_default();
        let cells = |row: &Json| row["f"].as_array().unwrap().iter().map(|cell| cell["v"].clone()).collect();
        rows.iter().map(cells).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The same by an address, for threads that outlive the server.
pub(crate) fn ask(address: &str, method: &str, path: &str, body: Option<&Json>) -> (u16, Json) {
    let body = body.map(Json::to_string).unwrap_or_default();
    let request = format!(
        "{method} /bigquery/v2/projects/local{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut answer = Vec::new();
    let asked = TcpStream::connect(address).and_then(|mut stream| {
        stream.write_all(request.as_bytes())?;
        stream.read_to_end(&mut answer)
    });
    let answer = String::from_utf8_lossy(&answer);
    let (Ok(_), Some((head, body))) = (asked, answer.split_once("\r\n\r\n")) else { return (0, Json::Null) };
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or_default();
    (status, serde_json::from_str(body).unwrap_or_default())
}
