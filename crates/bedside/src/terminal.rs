//! What the terminals at standard output and standard error can do. The only place that asks.

use std::io::{self, IsTerminal};

/// A stream of the program as a place to show text on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Terminal {
    colours: Colours,
    width: Option<usize>,
}

/// Whether escape sequences are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Colours {
    Off,
    On,
}

/// What a piece of text is, which decides its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// The word `error:` and carets.
    Error,
    /// The word `warning:`.
    Warning,
    /// The word `hint:`.
    Hint,
    /// Titles of columns.
    Title,
    /// What matters less: NULL, rules, line numbers.
    Faint,
}

impl Terminal {
    /// Standard output.
    pub(crate) fn stdout() -> Self {
        Self::of(io::stdout().is_terminal())
    }

    /// Standard error.
    pub(crate) fn stderr() -> Self {
        Self::of(io::stderr().is_terminal())
    }

    /// No colours, and the given width.
    pub(crate) const fn plain(width: Option<usize>) -> Self {
        Self { colours: Colours::Off, width }
    }

    /// Columns of the terminal; `None` where there is none, so that nothing need be cut.
    pub(crate) const fn width(self) -> Option<usize> {
        self.width
    }

    /// Whether a person looks at it.
    pub(crate) const fn is_terminal(self) -> bool {
        self.width.is_some()
    }

    /// Whether escape sequences may be written.
    pub(crate) fn has_colours(self) -> bool {
        self.colours == Colours::On
    }

    /// `text` in the colours of `style`, or as it is.
    pub(crate) fn paint(self, style: Style, text: &str) -> String {
        let code = match style {
            Style::Error => "1;31",
            Style::Warning => "1;33",
            Style::Hint => "1;36",
            Style::Title => "1",
            Style::Faint => "2",
        };
        match self.colours {
            Colours::On => format!("\x1b[{code}m{text}\x1b[0m"),
            Colours::Off => text.to_owned(),
        }
    }

    fn of(is_terminal: bool) -> Self {
        if !is_terminal {
            return Self::plain(None);
        }
        // https://no-color.org: any value but the empty one.
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let width = terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0));
        Self { colours: if refused || dumb { Colours::Off } else { Colours::On }, width: Some(width.max(20)) }
    }
}
