//! What went wrong, as the person at the keyboard sees it: `error:`, the place in the SQL, `hint:`.

use crate::terminal::{Style, Terminal};
use bedside_types::{ErrorCode, Position};
use std::io::{self, Write};
use unicode_width::UnicodeWidthChar;

/// A command that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// Decides the exit code.
    pub(crate) code: ErrorCode,
    /// What and where: lower case, no full stop.
    pub(crate) message: String,
    /// The SQL and the place in it that the message is about.
    pub(crate) excerpt: Option<Excerpt>,
    /// The next command, or what to change.
    pub(crate) hint: Option<String>,
}

/// A place in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    /// The whole text.
    pub(crate) text: String,
    /// Where in it.
    pub(crate) position: Position,
}

impl Failure {
    /// A failure of the given kind.
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), excerpt: None, hint: None }
    }

    /// The user's arguments are at fault.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidQuery, message)
    }

    /// A defect of ours.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Internal, message)
    }

    /// Stopped by Ctrl-C.
    pub(crate) fn stopped() -> Self {
        Self::new(ErrorCode::Stopped, "stopped")
    }

    /// With what to do next.
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// With the place in the SQL `text` that it is about.
    pub(crate) fn at(mut self, text: &str, position: Position) -> Self {
        self.excerpt = Some(Excerpt { text: text.to_owned(), position });
        self
    }

    /// Writing or reading `what` failed.
    pub(crate) fn io(what: impl Into<String>, error: &io::Error) -> Self {
        let code = match error.kind() {
            io::ErrorKind::NotFound => ErrorCode::NotFound,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => ErrorCode::AccessDenied,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ErrorCode::ResourcesExceeded,
            _ => ErrorCode::Unavailable,
        };
        Self::new(code, format!("{}: {}", what.into(), plain(error)))
    }

    /// Prints it to standard error.
    pub(crate) fn print(&self) {
        let terminal = Terminal::stderr();
        let mut error = io::stderr().lock();
        // Nothing is left to do when standard error is closed.
        let _ = error.write_all(self.render(terminal).as_bytes());
    }

    /// The lines as printed.
    pub(crate) fn render(&self, terminal: Terminal) -> String {
        let mut out = format!("{} {}\n", terminal.paint(Style::Error, "error:"), self.message);
        if let Some(excerpt) = &self.excerpt {
            excerpt.render(&mut out, terminal);
        }
        if self.code == ErrorCode::Internal {
            out.push_str("this is a defect of bedside, not of your data or your statement\n");
        }
        if let Some(hint) = &self.hint {
            out.push_str(&format!("{} {hint}\n", terminal.paint(Style::Hint, "hint:")));
        }
        out
    }
}

impl Excerpt {
    /// The line and a caret under the column, long lines cut around it.
    fn render(&self, out: &mut String, terminal: Terminal) {
        let Some(line) = self.text.lines().nth(self.position.line.saturating_sub(1) as usize) else { return };
        let number = self.position.line.to_string();
        let room = terminal.width().unwrap_or(120).saturating_sub(number.len() + 3).max(40);
        let characters: Vec<char> = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let caret = (self.position.column.saturating_sub(1) as usize).min(characters.len());
        let widths: Vec<usize> = characters.iter().map(|c| c.width().unwrap_or(0)).collect();
        let mut start = 0;
        if widths.iter().sum::<usize>() > room {
            let mut before: usize = widths[..caret].iter().sum();
            while before > room / 2 {
                before -= widths[start];
                start += 1;
            }
        }
        let mut used = 0;
        let fits = |width: &&usize| {
            used += **width;
            used <= room
        };
        let end = start + widths[start..].iter().take_while(fits).count();
        let shown: String = characters[start..end].iter().collect();
        let indent: usize = widths[start..caret.min(end)].iter().sum();
        let margin = " ".repeat(number.len());
        let bar = terminal.paint(Style::Faint, "|");
        let mark = terminal.paint(Style::Error, "^");
        out.push_str(&format!("{margin} {bar}\n{} {bar} {shown}\n", terminal.paint(Style::Faint, &number)));
        out.push_str(&format!("{margin} {bar} {}{mark}\n", " ".repeat(indent)));
    }
}

/// Errors of the crates below carry their code and their hint.
macro_rules! from_library_errors {
    ($($error:ty),+ $(,)?) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self { code: error.code(), message: error.to_string(), excerpt: None, hint: error.hint() }
            }
        })+
    };
}

from_library_errors!(
    bedside_bigquery::Error,
    bedside_concepts::Error,
    bedside_engine::Error,
    bedside_load::Error,
    bedside_load::source::SourceError,
    bedside_service::Error,
    bedside_store::Error,
    bedside_synth::Error,
);

/// An operating system's message without `(os error 2)`, in lower case.
pub(crate) fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::Failure;
    use crate::terminal::Terminal;
    use bedside_types::{ErrorCode, Position};
    use unicode_width::UnicodeWidthChar;

    fn check(sql: &str, line: u32, column: u32, expected: &str) {
        let failure = Failure::usage("syntax error").at(sql, Position::new(line, column)).with_hint("write less");
        assert_eq!(
            failure.render(Terminal::plain(Some(50))),
            format!("error: syntax error\n{expected}hint: write less\n")
        );
    }

    #[test]
    fn the_caret_stands_under_the_place() {
        check("SELECT x\nFROM\ty", 2, 6, "  |\n2 | FROM y\n  |      ^\n");
        check("SELECT '温度', x", 1, 14, "  |\n1 | SELECT '温度', x\n  |                ^\n");
        check("SELECT", 1, 7, "  |\n1 | SELECT\n  |       ^\n");
        check("SELECT", 9, 1, "");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let sql = format!("SELECT {}oops{}", "a, ".repeat(50), " , b".repeat(50));
        let failure = Failure::usage("unknown").at(&sql, Position::new(1, 158));
        let rendered = failure.render(Terminal::plain(Some(60)));
        let lines: Vec<&str> = rendered.lines().collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 60), "{rendered}");
        let caret = lines[3].find('^').unwrap();
        assert!(lines[2][caret..].starts_with("oops"), "{rendered}");
    }

    #[test]
    fn wide_characters_and_tabs_keep_the_caret_and_the_width() {
        let sql = format!("SELECT '{}',\t\toops, '{}'", "温度".repeat(40), "血圧".repeat(40));
        let failure = Failure::usage("unknown").at(&sql, Position::new(1, 93));
        let rendered = failure.render(Terminal::plain(Some(60)));
        let lines: Vec<&str> = rendered.lines().collect();
        let width = |text: &str| text.chars().map(|c| c.width().unwrap_or(0)).sum::<usize>();
        assert!(lines.iter().all(|line| width(line) <= 60), "{rendered}");
        let place = lines[2].find("oops").unwrap();
        assert_eq!(width(&lines[2][..place]), lines[3].find('^').unwrap(), "{rendered}");
    }

    #[test]
    fn our_own_defects_are_owned() {
        let failure = Failure::internal("no such plan");
        assert_eq!(failure.code, ErrorCode::Internal);
        assert!(failure.render(Terminal::plain(None)).contains("a defect of bedside"));
    }
}
