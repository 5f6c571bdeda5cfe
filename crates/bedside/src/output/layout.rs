//! How wide the columns of a table are, and lines of cells in those widths.
//!
//! A table that is too wide for the terminal first shortens texts, never numbers or times (half a number is a wrong
//! number), then leaves out columns at the right.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Below this width a text says too little to be shown.
const NARROWEST_TEXT: usize = 12;
/// Explanations that wrap keep this width until other texts are as narrow.
const NARROWEST_EXPLANATION: usize = 30;
/// Between two columns.
const SEPARATOR: &str = " │ ";

/// Which side of a column its cells stand at, and with that whether they may be shortened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alignment {
    /// Texts.
    Left,
    /// Numbers.
    Right,
    /// Days and times: left, but never shortened.
    Whole,
}

/// What becomes of a text in the last column that is longer than there is room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LongTexts {
    /// It ends in `…`: one line per row.
    Cut,
    /// It goes on in further lines, so that its column gives way first: for explanations.
    Wrapped,
}

/// The widths of the columns that are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    alignments: Vec<Alignment>,
    widths: Vec<usize>,
    limited: bool,
}

impl Layout {
    /// Widths for columns of the given titles whose widest cells are `widest`, within `limit` columns of a terminal.
    pub(crate) fn fit(
        titles: &[&str],
        alignments: &[Alignment],
        widest: &[usize],
        long_texts: LongTexts,
        limit: Option<usize>,
    ) -> Self {
        let title_widths = titles.iter().map(|title| title.width());
        let mut widths: Vec<usize> = title_widths.zip(widest).map(|(title, cells)| title.max(*cells).max(1)).collect();
        let Some(limit) = limit else {
            return Self { alignments: alignments.to_vec(), widths, limited: false };
        };
        let narrowest: Vec<usize> = (0..widths.len())
            .map(|i| match alignments[i] {
                Alignment::Left => widths[i].min(NARROWEST_TEXT),
                // The title may be cut, the cells may not.
                Alignment::Right | Alignment::Whole => widest[i].max(widths[i].min(NARROWEST_TEXT)),
            })
            .collect();
        let mut shown = widths.len();
        while shown > 1 && total(&narrowest[..shown], widths.len() - shown) > limit {
            shown -= 1;
        }
        let hidden = widths.len() - shown;
        widths.truncate(shown);
        if let (LongTexts::Wrapped, Some(last), true) = (long_texts, widths.last().copied(), hidden == 0) {
            let others = total(&widths, hidden) - last;
            let room = limit.saturating_sub(others).max(NARROWEST_EXPLANATION);
            widths[shown - 1] = last.min(room);
        }
        // Take from the widest that can still give, one column of the screen at a time.
        while total(&widths, hidden) > limit {
            let candidate = (0..shown).filter(|i| widths[*i] > narrowest[*i].min(limit)).max_by_key(|i| widths[*i]);
            match candidate {
                Some(i) => widths[i] -= 1,
                None => break,
            }
        }
        Self { alignments: alignments[..shown].to_vec(), widths, limited: true }
    }

    /// How many columns are shown.
    pub(crate) fn shown(&self) -> usize {
        self.widths.len()
    }

    /// The width of the last of `all` columns where it is text that has to fit a terminal.
    pub(crate) fn width_of_last(&self, all: usize) -> Option<usize> {
        let fits = self.limited && self.shown() == all && self.alignments.last() == Some(&Alignment::Left);
        self.widths.last().copied().filter(|_| fits)
    }

    /// A line of cells; `paint` colours a padded cell by its place.
    pub(crate) fn line(&self, cells: &[String], all: usize, paint: impl Fn(usize, &str) -> String) -> String {
        let mut line = String::from(" ");
        for (i, (cell, width)) in cells.iter().zip(&self.widths).enumerate() {
            line.push_str(if i == 0 { "" } else { SEPARATOR });
            let may_cut = self.limited && self.alignments[i] == Alignment::Left;
            let text = if may_cut { shorten(cell, *width) } else { cell.clone() };
            let padding = " ".repeat(width.saturating_sub(text.width()));
            let last = i + 1 == self.shown() && self.shown() == all;
            line.push_str(&match self.alignments[i] {
                Alignment::Right => padding + &paint(i, &text),
                // No blanks at the end of a line.
                _ if last => paint(i, &text),
                _ => paint(i, &text) + &padding,
            });
        }
        if self.shown() < all {
            line.push_str(SEPARATOR);
            line.push('…');
        }
        line
    }

    /// The line of titles.
    pub(crate) fn titles(&self, titles: &[&str], paint: impl Fn(&str) -> String) -> String {
        let shortened: Vec<String> = titles
            .iter()
            .zip(&self.widths)
            .map(|(title, width)| if self.limited { shorten(title, *width) } else { (*title).to_owned() })
            .collect();
        self.line(&shortened, titles.len(), |_, text| paint(text))
    }

    /// The rule below the titles.
    pub(crate) fn rule(&self, all: usize) -> String {
        let mut rule = self.widths.iter().map(|width| "─".repeat(width + 2)).collect::<Vec<_>>().join("┼");
        if self.shown() < all {
            rule.push_str("┼──");
        }
        rule
    }
}

/// `text` in at most `width` columns of a terminal, with `…` for what is left out.
pub(crate) fn shorten(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used + 1 > width {
            break;
        }
        short.push(c);
    }
    short.push('…');
    short
}

/// `text` in lines of at most `width` columns, broken between words where that can be.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last().map_or(0, |line| line.width());
        match lines.last_mut() {
            Some(last) if line == 0 => last.push_str(word),
            Some(last) if line + 1 + word.width() <= width => {
                last.push(' ');
                last.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// `text` on one line and without anything that a terminal would take as a command.
pub(crate) fn clean(text: String) -> String {
    if !text.chars().any(char::is_control) {
        return text;
    }
    text.chars().map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() }).collect()
}

/// Width of a line of columns, with the mark for columns left out.
fn total(widths: &[usize], hidden: usize) -> usize {
    let mark = if hidden > 0 { 4 } else { 0 };
    2 + widths.iter().sum::<usize>() + 3 * widths.len().saturating_sub(1) + mark
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widths(alignments: &[Alignment], widest: &[usize], limit: usize) -> Vec<usize> {
        let titles = vec!["title"; widest.len()];
        let layout = Layout::fit(&titles, alignments, widest, LongTexts::Cut, Some(limit));
        let line = layout.rule(widest.len());
        assert!(line.width() <= limit || layout.shown() == 1, "{line} is wider than {limit}");
        layout.widths
    }

    #[test]
    fn texts_give_way_before_numbers_and_columns_at_the_right_before_both() {
        use Alignment::{Left, Right, Whole};
        for (alignments, widest, limit, expected) in [
            (vec![Left, Right], vec![3, 8], 80, vec![5, 8]),
            (vec![Left, Right], vec![90, 8], 61, vec![48, 8]),
            (vec![Left, Left], vec![90, 40], 65, vec![30, 30]),
            (vec![Right, Whole, Left], vec![8, 19, 100], 44, vec![8, 19]),
            (vec![Right, Whole, Left], vec![8, 19, 100], 51, vec![8, 19, 16]),
            (vec![Left; 3], vec![100; 3], 30, vec![12]),
        ] {
            let mut expected = expected;
            let found = widths(&alignments, &widest, limit);
            if found.len() == 1 {
                expected = found.clone();
            }
            assert_eq!(found, expected, "{alignments:?} {widest:?} {limit}");
        }
    }

    #[test]
    fn explanations_give_way_before_names() {
        let fit = |limit| {
            let alignments = [Alignment::Left, Alignment::Left];
            Layout::fit(&["table", "what"], &alignments, &[29, 90], LongTexts::Wrapped, Some(limit)).widths
        };
        assert_eq!(fit(80), [29, 46]);
        assert_eq!(fit(60), [28, 27]);
    }

    #[test]
    fn lines_pad_by_what_a_terminal_shows() {
        let layout = Layout::fit(&["a", "b"], &[Alignment::Left, Alignment::Right], &[4, 3], LongTexts::Cut, None);
        assert_eq!(layout.line(&["温度".into(), "1".into()], 2, |_, t| t.into()), " 温度 │   1");
        assert_eq!(layout.line(&["x".into(), "100".into()], 2, |_, t| t.into()), " x    │ 100");
        assert_eq!(layout.rule(2), "──────┼─────");
    }

    #[test]
    fn shortened_texts_fit_and_say_so() {
        for (text, width, expected) in [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("温度計", 4, "温…"), ("abc", 1, "…")]
        {
            assert_eq!(shorten(text, width), expected);
        }
    }

    #[test]
    fn words_wrap_whole() {
        for (text, width, expected) in [
            ("one two three", 7, vec!["one two", "three"]),
            ("one", 2, vec!["one"]),
            ("", 5, vec![""]),
            ("a b", 3, vec!["a b"]),
        ] {
            assert_eq!(wrap(text, width), expected, "{text}");
        }
    }

    #[test]
    fn nothing_reaches_the_terminal_as_a_command() {
        assert_eq!(clean("a\nb\u{1b}[2J\tc".into()), "a\\nb\\u{1b}[2J\\tc");
        assert_eq!(clean("µg/dL".into()), "µg/dL");
    }
}
