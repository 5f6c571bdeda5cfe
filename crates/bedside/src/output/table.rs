//! Aligned columns for reading. The first rows decide how wide columns are; what follows keeps to that.

use super::destination::write_failure;
use super::layout::{LongTexts, clean, wrap};
use super::{Alignment, Destination, Layout, Omitted, ResultColumn, cells};
use crate::failure::Failure;
use crate::terminal::{Style, Terminal};
use arrow::array::RecordBatch;
use bedside_types::SqlType;
use std::io::Write;
use unicode_width::UnicodeWidthStr;

/// Rows held back to size columns.
const SAMPLE_ROWS: usize = 1_000;
/// Longer texts are cut even where there is no terminal to fit, before they are kept.
const LONGEST_CELL: usize = 10_000;

/// Writes a table.
pub(crate) struct TableWriter {
    columns: Vec<ResultColumn>,
    destination: Destination,
    terminal: Terminal,
    /// Rows held back until there are enough to size the columns.
    pending: Vec<Vec<Cell>>,
    layout: Option<Layout>,
    long_texts: LongTexts,
}

#[derive(Clone, Debug)]
struct Cell {
    text: String,
    is_null: bool,
}

impl TableWriter {
    /// A writer of `columns`; the terminal's width, if any, is kept to.
    pub(crate) fn new(columns: &[ResultColumn], destination: Destination, terminal: Terminal) -> Self {
        Self {
            columns: columns.to_vec(),
            destination,
            terminal,
            pending: Vec::new(),
            layout: None,
            long_texts: LongTexts::Cut,
        }
    }

    /// The same, with another way of showing long texts in the last column.
    pub(crate) fn with_long_texts(self, long_texts: LongTexts) -> Self {
        Self { long_texts, ..self }
    }

    /// Writes or holds back the rows of a batch.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), Failure> {
        let cells = cells(&self.columns, batch)?;
        for row in 0..batch.num_rows() {
            let line = cells.iter().map(|column| {
                let text: String = column.display(row);
                let text = if text.len() > LONGEST_CELL { super::shorten(&text, LONGEST_CELL) } else { text };
                Cell { text: clean(text), is_null: column.is_null(row) }
            });
            let line: Vec<Cell> = line.collect();
            match &self.layout {
                Some(layout) => {
                    let line = self.line(layout, &line);
                    self.put(&line)?;
                }
                None => self.pending.push(line),
            }
            if self.pending.len() >= SAMPLE_ROWS {
                self.begin()?;
            }
        }
        Ok(())
    }

    /// Writes what is held back.
    pub(crate) fn finish(mut self) -> Result<Omitted, Failure> {
        if self.layout.is_none() {
            self.begin()?;
        }
        let shown = self.layout.as_ref().map_or(0, Layout::shown);
        let omitted = Omitted { columns: self.columns.len() - shown };
        self.destination.finish()?;
        Ok(omitted)
    }

    /// Sizes the columns by the rows seen so far and writes these.
    fn begin(&mut self) -> Result<(), Failure> {
        let pending = std::mem::take(&mut self.pending);
        let titles: Vec<String> = self.columns.iter().map(|column| clean(column.name.clone())).collect();
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        let alignments: Vec<Alignment> = self.columns.iter().map(|column| alignment(&column.sql_type)).collect();
        let widest: Vec<usize> = (0..titles.len())
            .map(|i| pending.iter().map(|line| line[i].text.width()).max().unwrap_or_default())
            .collect();
        let layout = Layout::fit(&titles, &alignments, &widest, self.long_texts, self.terminal.width());
        let head = layout.titles(&titles, |text| self.terminal.paint(Style::Title, text));
        self.put(&head)?;
        self.put(&self.terminal.paint(Style::Faint, &layout.rule(titles.len())))?;
        for line in &pending {
            let line = self.line(&layout, line);
            self.put(&line)?;
        }
        self.layout = Some(layout);
        Ok(())
    }

    fn line(&self, layout: &Layout, cells: &[Cell]) -> String {
        let paint = |i: usize, text: &str| {
            if cells[i].is_null { self.terminal.paint(Style::Faint, text) } else { text.to_owned() }
        };
        let mut texts: Vec<String> = cells.iter().map(|cell| cell.text.clone()).collect();
        let width = layout.width_of_last(cells.len()).filter(|_| self.long_texts == LongTexts::Wrapped);
        let Some((last, width)) = texts.pop().zip(width) else {
            texts.extend(cells.last().map(|cell| cell.text.clone()));
            return layout.line(&texts, cells.len(), paint);
        };
        let mut lines = Vec::new();
        for part in wrap(&last, width) {
            texts.push(part);
            lines.push(layout.line(&texts, cells.len(), paint));
            texts = vec![String::new(); cells.len() - 1];
        }
        lines.join("\n")
    }

    fn put(&mut self, line: &str) -> Result<(), Failure> {
        writeln!(self.destination, "{line}").map_err(|error| write_failure(&error))
    }
}

fn alignment(sql_type: &SqlType) -> Alignment {
    match sql_type {
        SqlType::Int64 | SqlType::Float64 | SqlType::Numeric | SqlType::BigNumeric => Alignment::Right,
        SqlType::Bool | SqlType::Date | SqlType::Datetime | SqlType::Time | SqlType::Timestamp | SqlType::Range(_) => {
            Alignment::Whole
        }
        _ => Alignment::Left,
    }
}

#[cfg(test)]
mod tests {
    use super::{LongTexts, TableWriter};
    use crate::output::{Destination, column};
    use crate::terminal::Terminal;
    use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringViewArray};
    use bedside_types::SqlType;
    use std::sync::Arc;

    fn table(width: Option<usize>, rows: &[(Option<i64>, &str)]) -> (String, usize) {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("t");
        let columns =
            [column("stay_id", SqlType::Int64), column("label", SqlType::String), column("unit", SqlType::String)];
        let mut writer = TableWriter::new(&columns, Destination::file(&path).unwrap(), Terminal::plain(width));
        for (number, text) in rows {
            let number: ArrayRef = Arc::new(Int64Array::from(vec![*number]));
            let label: ArrayRef = Arc::new(StringViewArray::from(vec![*text]));
            let unit: ArrayRef = Arc::new(StringViewArray::from(vec!["mmol/L"]));
            let batch =
                RecordBatch::try_from_iter_with_nullable([("a", number, true), ("b", label, true), ("c", unit, true)]);
            writer.write(&batch.unwrap()).unwrap();
        }
        let omitted = writer.finish().unwrap();
        (std::fs::read_to_string(path).unwrap(), omitted.columns)
    }

    #[test]
    fn columns_line_up_and_null_is_said() {
        let (text, omitted) = table(None, &[(Some(30_000_153), "Lactate"), (None, "pH\n")]);
        let expected = "  stay_id │ label   │ unit\n──────────┼─────────┼────────\n 30000153 │ Lactate │ mmol/L\n     \
                        NULL │ pH\\n    │ mmol/L\n";
        assert_eq!((text.as_str(), omitted), (expected, 0));
    }

    #[test]
    fn a_narrow_terminal_cuts_texts_and_leaves_out_columns() {
        let rows = [(Some(1), "a label that is much longer than the terminal is wide")];
        let (text, omitted) = table(Some(44), &rows);
        assert!(text.lines().all(|line| line.chars().count() <= 44) && text.contains('…'), "{text}");
        assert_eq!(omitted, 0);
        let (text, omitted) = table(Some(28), &rows);
        assert!(text.lines().all(|line| line.chars().count() <= 28), "{text}");
        assert_eq!(omitted, 1, "{text}");
    }

    #[test]
    fn explanations_go_on_in_further_lines() {
        let columns = [column("n", SqlType::Int64), column("what", SqlType::String)];
        let number: ArrayRef = Arc::new(Int64Array::from(vec![1]));
        let text: ArrayRef = Arc::new(StringViewArray::from(vec!["one two three four"]));
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("t");
        let terminal = Terminal::plain(Some(20));
        let mut writer =
            TableWriter::new(&columns, Destination::file(&path).unwrap(), terminal).with_long_texts(LongTexts::Wrapped);
        writer.write(&RecordBatch::try_from_iter([("a", number), ("b", text)]).unwrap()).unwrap();
        writer.finish().unwrap();
        let written = std::fs::read_to_string(path).unwrap();
        assert_eq!(written.lines().skip(2).collect::<Vec<_>>(), [" 1 │ one two three", "   │ four"]);
    }

    #[test]
    fn more_rows_than_the_sample_keep_its_widths() {
        let mut rows = vec![(Some(1), "ab"); 1_001];
        rows.push((Some(1), "a longer one"));
        let (text, _) = table(None, &rows);
        assert_eq!(text.lines().count(), 1_004);
        assert!(text.ends_with("       1 │ a longer one │ mmol/L\n"), "{}", &text[text.len() - 80..]);
    }
}
