//! Runs of the program in a home of their own, written down as one text.

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A home, and a folder to work in.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    /// Empty ones.
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join("work")).unwrap();
        Self { folder }
    }

    /// The folder that commands run in.
    pub(crate) fn work(&self) -> std::path::PathBuf {
        self.folder.path().join("work")
    }

    /// The home.
    pub(crate) fn home(&self) -> std::path::PathBuf {
        self.folder.path().join("home")
    }

    /// The program with nothing of the environment of whoever runs the tests.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bedside"));
        command
            .args(arguments)
            .current_dir(self.work())
            .env_clear()
            .env("HOME", self.folder.path())
            .env("BEDSIDE_HOME", self.home())
            .env("BEDSIDE_THREADS", "2")
            .stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Standard output of a command that must succeed.
    pub(crate) fn stdout(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// A command and all that came of it.
    pub(crate) fn transcript(&self, arguments: &[&str]) -> String {
        self.transcript_of(arguments, &self.run(arguments))
    }

    /// A command's output as a transcript.
    pub(crate) fn transcript_of(&self, arguments: &[&str], output: &Output) -> String {
        let mut text = format!("$ bedside {}\nexit {}\n", arguments.join(" "), output.status.code().unwrap_or(-1));
        for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            if !bytes.is_empty() {
                let _ = write!(text, "--- {name}\n{}", self.redact(&String::from_utf8_lossy(bytes)));
            }
        }
        text
    }

    /// The text without what differs from run to run: places, times, sizes.
    fn redact(&self, text: &str) -> String {
        let mut text = text.replace(&self.home().display().to_string(), "[HOME]");
        text = text.replace(&self.folder.path().display().to_string(), "[FOLDER]");
        for (pattern, replacement) in [
            (r"\(\d+\.\d+ s\)", "([TIME])"),
            (r"in \d+\.\d+ s", "in [TIME]"),
            (r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "[NOW]"),
            (r"\d+(\.\d+)? [kMG]B", "[SIZE]"),
            (r"fingerprint [0-9a-f]{16}", "fingerprint [HASH]"),
        ] {
            text = regex::Regex::new(pattern).unwrap().replace_all(&text, replacement).into_owned();
        }
        text
    }
}

/// A transcript with every number of its output replaced and blanks run together, for tables of measured times and of made-up data, whose
/// numbers are others' to test.
pub(crate) fn without_numbers(transcript: &str) -> String {
    let (head, output) = transcript.split_once("\n--- ").unwrap_or((transcript, ""));
    let text = regex::Regex::new(r"\d[\d,]*(\.\d+)?").unwrap().replace_all(output, "#").into_owned();
    let text = regex::Regex::new(" +").unwrap().replace_all(&text, " ").into_owned();
    format!("{head}\n--- {}", regex::Regex::new("─+").unwrap().replace_all(&text, "─"))
}

/// Writes a file below the place's work folder.
pub(crate) fn write(place: &Place, path: &str, content: &str) {
    let path = place.work().join(path);
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
    std::fs::write(path, content).unwrap();
}
