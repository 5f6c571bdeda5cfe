//! Going through a file without loading it.

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use bedside_types::SqlType;

use crate::csv::{FileColumn, Header, Parser, Piece, Splitter, each_record};
use crate::error::{Error, Result};
use crate::ingest::{BLOCK_BYTES, LOOK_AHEAD, Reading};
use crate::input::{read_error, unpack};

/// Calls `each` with the line and the text of every row, the header left out.
pub(crate) fn visit_rows(reading: Reading<'_>, mut each: impl FnMut(u64, &[u8]) -> Result<()>) -> Result<()> {
    visit_pieces(
        reading,
        |_| Ok(()),
        |piece| match piece {
            Piece::Block(block) => each_record(&block.bytes, block.line, &mut each),
            Piece::OpenQuote { bytes, line, .. } => each(line, &bytes),
        },
    )
}

/// The values of an INT64 column, as far as they can be read; rows and values that are bad, NULL or unreadable are left
/// out. The file's own load reports them.
pub(crate) fn integers_of(reading: Reading<'_>, column: &str) -> Result<Vec<i64>> {
    let mut values = Vec::new();
    let parser = std::cell::OnceCell::new();
    let begin = |header: Header| {
        let matching = header.matching(std::iter::once(column));
        let place = matching.places.first().copied().flatten();
        let place = place.ok_or_else(|| missing(reading, column))?;
        let file_column = FileColumn { name: column.to_owned(), sql_type: SqlType::Int64, nullable: true, place };
        // The cell is set here only, once.
        let _ = parser.set(Parser::new(vec![file_column], header.names)?);
        Ok(())
    };
    let outcome = visit_pieces(reading, begin, |piece| {
        let (Piece::Block(block), Some(parser)) = (piece, parser.get()) else { return Ok(()) };
        let parsed = parser.parse(&block)?;
        values.extend(parsed.batch.column(0).as_primitive::<Int64Type>().iter().flatten());
        Ok(())
    });
    match outcome {
        Err(_) if !values.is_empty() => Ok(values),
        outcome => outcome.map(|()| values),
    }
}

fn missing(reading: Reading<'_>, column: &str) -> Error {
    Error::MissingColumns { file: reading.file.path.clone(), columns: vec![column.to_owned()] }
}

fn visit_pieces(
    reading: Reading<'_>,
    begin: impl FnOnce(Header) -> Result<()>,
    mut each: impl FnMut(Piece) -> Result<()>,
) -> Result<()> {
    let path = &reading.file.path;
    let failed = |error| read_error(error, path);
    let text = unpack(reading.source.open(reading.file)?, path).map_err(failed)?;
    let mut splitter = Splitter::new(text, BLOCK_BYTES, LOOK_AHEAD);
    let header = splitter.header().map_err(failed)?.ok_or_else(|| Error::Empty { file: path.clone() })?;
    begin(Header::read(&header))?;
    while let Some(piece) = splitter.next().map_err(failed)? {
        reading.check_stop()?;
        each(piece)?;
    }
    Ok(())
}
