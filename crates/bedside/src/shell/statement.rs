//! Where a statement ends: at a `;` that is not inside a string, a quoted name, a comment or a statement around it.

use bedside_sql::Script;

/// What stands open at the end of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    Nothing,
    LineComment,
    BlockComment,
    /// A string or quoted name: the quote, how many of it close it, and whether a backslash escapes.
    Quotes(char, usize, Escapes),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escapes {
    Backslash,
    None,
}

/// The first statement of `text` and what follows its `;`; `None` while no statement is complete.
pub(crate) fn first(text: &str) -> Option<(&str, &str)> {
    let end = end_of_first(text)?;
    Some((&text[..end], &text[end + 1..]))
}

/// Whether there is nothing in `text` but blanks and comments.
pub(crate) fn is_blank(text: &str) -> bool {
    let mut state = Inside::Nothing;
    let mut blank = true;
    walk(text, &mut state, |_, c| {
        blank &= c.is_whitespace();
        Walk::On
    });
    blank && matches!(state, Inside::Nothing | Inside::LineComment)
}

fn end_of_first(text: &str) -> Option<usize> {
    let mut end = None;
    walk(text, &mut Inside::Nothing, |at, c| {
        if c == ';' && !Script::is_open(&text[..=at]) {
            end = Some(at);
            return Walk::Stop;
        }
        Walk::On
    });
    end
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Walk {
    On,
    Stop,
}

/// Calls `visit` for every character outside comments and quotes, an opening quote included.
fn walk(text: &str, state: &mut Inside, mut visit: impl FnMut(usize, char) -> Walk) {
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let mut step = c.len_utf8();
        match *state {
            Inside::LineComment if c == '\n' => *state = Inside::Nothing,
            Inside::BlockComment if rest.starts_with("*/") => {
                step = 2;
                *state = Inside::Nothing;
            }
            Inside::LineComment | Inside::BlockComment => {}
            Inside::Quotes(quote, count, escapes) => {
                if c == '\\' && escapes == Escapes::Backslash {
                    step += rest[1..].chars().next().map_or(0, char::len_utf8);
                } else if c == quote && rest.chars().take(count).filter(|c| *c == quote).count() == count {
                    step = count;
                    *state = Inside::Nothing;
                }
            }
            Inside::Nothing if c == '#' || rest.starts_with("--") => *state = Inside::LineComment,
            Inside::Nothing if rest.starts_with("/*") => {
                step = 2;
                *state = Inside::BlockComment;
            }
            Inside::Nothing => {
                if visit(at, c) == Walk::Stop {
                    return;
                }
                if matches!(c, '\'' | '"' | '`') {
                    let triple = c != '`' && rest.chars().take(3).filter(|next| *next == c).count() == 3;
                    let count = if triple { 3 } else { 1 };
                    step = count;
                    *state = Inside::Quotes(c, count, escapes(&text[..at]));
                }
            }
        }
        at += step;
    }
}

/// A raw string (`r'…'`, `rb"…"`) has no escapes.
fn escapes(before: &str) -> Escapes {
    let start = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(0, |at| at + 1);
    let prefix = before[start..].to_ascii_lowercase();
    if matches!(prefix.as_str(), "r" | "rb" | "br") { Escapes::None } else { Escapes::Backslash }
}

#[cfg(test)]
mod tests {
    use super::{first, is_blank};

    #[test]
    fn a_statement_ends_at_its_own_semicolon() {
        for (text, expected) in [
            ("SELECT 1", None),
            ("SELECT 1; SELECT 2;", Some(("SELECT 1", " SELECT 2;"))),
            ("SELECT ';' ; x", Some(("SELECT ';' ", " x"))),
            ("IF TRUE THEN SELECT 1;", None),
            ("BEGIN SELECT CASE WHEN a THEN b END; END; x", Some(("BEGIN SELECT CASE WHEN a THEN b END; END", " x"))),
            ("BEGIN TRANSACTION; x", Some(("BEGIN TRANSACTION", " x"))),
            ("LOOP SELECT +; END LOOP; x", Some(("LOOP SELECT +", " END LOOP; x"))),
            ("SELECT 'a\\';' ;", Some(("SELECT 'a\\';' ", ""))),
            ("SELECT r'\\' ;", Some(("SELECT r'\\' ", ""))),
            ("SELECT 'it", None),
            ("SELECT '''a;'b''' ;", Some(("SELECT '''a;'b''' ", ""))),
            ("SELECT '' ;", Some(("SELECT '' ", ""))),
            ("SELECT `a;b` ;", Some(("SELECT `a;b` ", ""))),
            ("SELECT 1 -- ;\n;", Some(("SELECT 1 -- ;\n", ""))),
            ("SELECT 1 # ;", None),
            ("/* ; */ SELECT '温;' ;", Some(("/* ; */ SELECT '温;' ", ""))),
        ] {
            assert_eq!(first(text), expected, "{text}");
        }
    }

    #[test]
    fn comments_are_nothing() {
        for (text, expected) in
            [("", true), (" -- x", true), ("/* a */ # b\n", true), ("/* a", false), ("x", false), ("''", false)]
        {
            assert_eq!(is_blank(text), expected, "{text}");
        }
    }
}
