//! One file into the buckets of its table: read and hash → unpack and split → parse and deal to ranges → collect, each on
//! threads of its own, with bounded queues between them.

use arrow::array::{Array, ArrayRef, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use crossbeam_channel::{Receiver, Sender, bounded};
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::csv::{BadRow, Block, Fault, ParsedBlock, Parser, Piece, Splitter};
use crate::duplicate::{KeyValues, Nulls};
use crate::error::{Error, Result};
use crate::event::{Event, Progress};
use crate::input::{CHUNK_BYTES, Digested, HashingReader, Unpacked, read_error, unpack};
use crate::sort::scatter;
use crate::source::{Source, SourceFile};

/// Text in a block.
pub(crate) const BLOCK_BYTES: usize = 1 << 20;
/// How far a quote may be from the one that closes it, and how long a line may be.
pub(crate) const LOOK_AHEAD: usize = 16 << 20;
/// Chunks waiting to be unpacked.
const CHUNKS_WAITING: usize = 8;

/// The parts of a file that parsing needs to know.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) parser: Parser,
    /// Index of the subject column and the split points, for a table with ranges.
    pub(crate) ranges: Option<(usize, Vec<i64>)>,
    /// Columns of the keys to check.
    pub(crate) keys: Vec<(Vec<usize>, Nulls)>,
    pub(crate) line_numbers: LineNumbers,
}

/// Whether rows carry their line number as one more column, so that they can be told apart later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineNumbers {
    Kept,
    Dropped,
}

/// A block, ready to be collected.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) rows: u64,
    /// Rows by range; range 0 for a table without ranges.
    pub(crate) parts: Vec<(usize, RecordBatch)>,
    /// NULLs of each column, and the line of the first.
    pub(crate) nulls: Vec<(u64, u64)>,
    pub(crate) keys: Vec<KeyValues>,
    pub(crate) lines: Vec<u64>,
    pub(crate) bad: Vec<BadRow>,
}

/// A file to read and who is to know of it.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'a> {
    pub(crate) source: &'a Source,
    pub(crate) file: &'a SourceFile,
    pub(crate) table: &'a str,
    pub(crate) progress: Progress<'a>,
    pub(crate) stop: &'a AtomicBool,
}

impl Reading<'_> {
    pub(crate) fn check_stop(&self) -> Result<()> {
        if self.stop.load(Ordering::Relaxed) { Err(Error::Stopped) } else { Ok(()) }
    }

    /// The SHA-256 and size of the file as stored.
    pub(crate) fn digest(&self) -> Result<Digested> {
        let mut reader = HashingReader::new(self.source.open(self.file)?);
        let mut chunk = vec![0; CHUNK_BYTES];
        loop {
            self.check_stop()?;
            if reader.read(&mut chunk).map_err(|error| read_error(error, &self.file.path))? == 0 {
                return Ok(reader.finish());
            }
        }
    }

    /// The first line of the file, without byte order mark and line ending; `None` for an empty file.
    pub(crate) fn header(&self) -> Result<Option<Vec<u8>>> {
        let text = unpack(self.source.open(self.file)?, &self.file.path);
        let header = text.and_then(|text| Splitter::new(text, CHUNK_BYTES, LOOK_AHEAD).header());
        header.map_err(|error| read_error(error, &self.file.path))
    }
}

/// What came of reading a file.
#[derive(Debug)]
pub(crate) struct Ingested {
    /// What was read of it; all of it where `outcome` is good, or the file cannot be unpacked.
    pub(crate) digested: Digested,
    pub(crate) outcome: Result<()>,
}

/// Reads a file whose first line is `header` with `workers` parsing threads, and hands every block to `collect` in file
/// order.
pub(crate) fn ingest(
    reading: Reading<'_>,
    shape: &Shape,
    header: &[u8],
    workers: usize,
    mut collect: impl FnMut(Prepared) -> Result<()>,
) -> Result<Ingested> {
    thread::scope(|scope| {
        let (chunks, chunks_in) = bounded(CHUNKS_WAITING);
        let (blocks, blocks_in) = bounded(workers);
        // A token for each block between splitter and collector bounds what piles up behind a slow one.
        let (tokens, tokens_in) = bounded(2 * workers + 2);
        let (results, results_in) = bounded(workers);
        let reader = scope.spawn(move || read(reading, &chunks));
        for _ in 0..workers {
            let (blocks_in, results) = (blocks_in.clone(), results.clone());
            scope.spawn(move || parse(shape, &blocks_in, &results));
        }
        drop(blocks_in);
        let queues = Queues { blocks, tokens, results };
        scope.spawn(move || split(reading, Chunks { queue: chunks_in, current: Vec::new(), at: 0 }, header, &queues));
        let outcome = in_order(&results_in, |block: Prepared| {
            // Sent before the block was.
            let _ = tokens_in.try_recv();
            reading.check_stop()?;
            (reading.progress)(Event::RowsRead { table: reading.table, more: block.rows });
            collect(block)
        });
        // Everyone upstream ends when nobody takes what they give.
        drop((results_in, tokens_in));
        let digested = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        Ok(Ingested { digested, outcome })
    })
}

/// A block by its number, or what went wrong there.
type Numbered<T> = (u64, Result<T>);

struct Queues {
    blocks: Sender<(u64, Block)>,
    tokens: Sender<()>,
    results: Sender<Numbered<Prepared>>,
}

/// Reads and hashes the file as stored.
fn read(reading: Reading<'_>, chunks: &Sender<io::Result<Vec<u8>>>) -> Result<Digested> {
    // One byte more than listed shows that it grew; a file that is being written to might never end.
    let most = reading.file.bytes.map_or(u64::MAX, |bytes| bytes.saturating_add(1));
    let mut reader = HashingReader::new(reading.source.open(reading.file)?.take(most));
    loop {
        let mut chunk = vec![0; CHUNK_BYTES];
        match reader.read(&mut chunk) {
            Ok(0) => return Ok(reader.finish()),
            Ok(count) => {
                chunk.truncate(count);
                (reading.progress)(Event::BytesRead { table: reading.table, more: count as u64 });
                if chunks.send(Ok(chunk)).is_err() {
                    return Ok(reader.finish());
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                // The splitter reports it, in its place.
                let _ = chunks.send(Err(error));
                return Ok(reader.finish());
            }
        }
    }
}

/// Chunks from the queue as one stream.
struct Chunks {
    queue: Receiver<io::Result<Vec<u8>>>,
    current: Vec<u8>,
    at: usize,
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.current.len() {
            match self.queue.recv() {
                Ok(chunk) => self.current = chunk?,
                Err(_) => return Ok(0),
            }
            self.at = 0;
        }
        let count = buffer.len().min(self.current.len() - self.at);
        buffer[..count].copy_from_slice(&self.current[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// Unpacks and splits.
fn split(reading: Reading<'_>, chunks: Chunks, header: &[u8], queues: &Queues) {
    let mut number = 0;
    let outcome =
        unpack(chunks, &reading.file.path).map_err(|error| read_error(error, &reading.file.path)).and_then(|text| {
            let mut splitter = Splitter::new(text, BLOCK_BYTES, LOOK_AHEAD);
            let outcome = split_text(&mut splitter, reading, header, queues, &mut number);
            if matches!(outcome, Err(Error::Compressed { .. })) {
                // The checksum of all of it says whether the file is the published one.
                let _ = splitter.into_input().drain();
            }
            outcome
        });
    if let Err(error) = outcome {
        let _ = queues.results.send((number, Err(error)));
    }
}

fn split_text<R: Read>(
    splitter: &mut Splitter<Unpacked<R>>,
    reading: Reading<'_>,
    header: &[u8],
    queues: &Queues,
    number: &mut u64,
) -> Result<()> {
    let path = &reading.file.path;
    if splitter.header().map_err(|error| read_error(error, path))?.as_deref() != Some(header) {
        return Err(Error::Changed { file: path.clone(), why: "it has another header".to_owned() });
    }
    while let Some(piece) = splitter.next().map_err(|error| read_error(error, path))? {
        if queues.tokens.send(()).is_err() {
            return Ok(());
        }
        let sent = match piece {
            Piece::Block(block) => queues.blocks.send((*number, block)).is_ok(),
            Piece::OpenQuote { bytes, line, looked } => {
                let bad = BadRow { line, fault: Fault::OpenQuote { looked }, raw: bytes };
                queues.results.send((*number, Ok(Prepared::of_bad_row(bad)))).is_ok()
            }
        };
        if !sent {
            return Ok(());
        }
        *number += 1;
    }
    Ok(())
}

/// Parses blocks until there are no more.
fn parse(shape: &Shape, blocks: &Receiver<(u64, Block)>, results: &Sender<Numbered<Prepared>>) {
    while let Ok((number, block)) = blocks.recv() {
        let prepared = shape.parser.parse(&block).and_then(|parsed| shape.prepare(parsed));
        if results.send((number, prepared)).is_err() {
            return;
        }
    }
}

/// Hands what comes in any order to `collect` by number, up to the first error.
fn in_order<T>(results: &Receiver<Numbered<T>>, mut collect: impl FnMut(T) -> Result<()>) -> Result<()> {
    let mut early = BTreeMap::new();
    let mut next = 0;
    while let Ok((number, result)) = results.recv() {
        early.insert(number, result);
        while let Some(result) = early.remove(&next) {
            collect(result?)?;
            next += 1;
        }
    }
    Ok(())
}

impl Shape {
    /// Adds to a block what does not depend on the blocks before.
    fn prepare(&self, parsed: ParsedBlock) -> Result<Prepared> {
        let ParsedBlock { batch, lines, bad } = parsed;
        let keys = self.keys.iter().map(|(columns, nulls)| KeyValues::of(&batch, columns, *nulls));
        let keys = keys.collect::<Result<Vec<_>>>()?;
        let first_null =
            |column: &ArrayRef| (0..column.len()).find(|row| column.is_null(*row)).map_or(0, |row| lines[row]);
        let nulls = |column: &ArrayRef| match column.null_count() {
            0 => (0, 0),
            count => (count as u64, first_null(column)),
        };
        let nulls = batch.columns().iter().map(nulls).collect();
        let rows = batch.num_rows() as u64;
        let batch = match self.line_numbers {
            LineNumbers::Dropped => batch,
            LineNumbers::Kept => with_line_numbers(&batch, &lines)?,
        };
        let parts = match &self.ranges {
            Some((subject, splits)) => scatter(batch, *subject, splits)?,
            None if rows == 0 => Vec::new(),
            None => vec![(0, batch)],
        };
        Ok(Prepared { rows, parts, nulls, keys, lines, bad })
    }
}

impl Prepared {
    fn of_bad_row(bad: BadRow) -> Self {
        let empty = Vec::new();
        Self { rows: 0, parts: Vec::new(), nulls: empty, keys: Vec::new(), lines: Vec::new(), bad: vec![bad] }
    }
}

fn with_line_numbers(batch: &RecordBatch, lines: &[u64]) -> Result<RecordBatch> {
    let mut fields = batch.schema().fields().to_vec();
    // No column of a file can have this name: names of columns have no control characters.
    fields.push(Arc::new(Field::new("\0line", DataType::Int64, false)));
    let numbers: Int64Array = lines.iter().map(|line| Some(*line as i64)).collect();
    let columns = batch.columns().iter().cloned().chain([Arc::new(numbers) as ArrayRef]).collect();
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?)
}

#[cfg(test)]
mod tests {
    use super::in_order;
    use crate::error::Error;
    use crossbeam_channel::unbounded;

    #[test]
    fn blocks_are_collected_by_number_up_to_the_first_error() {
        let (sender, receiver) = unbounded();
        for (number, result) in [(1, Ok(1)), (0, Ok(0)), (4, Ok(4)), (3, Err(Error::Stopped)), (2, Ok(2))] {
            sender.send((number, result)).unwrap();
        }
        drop(sender);
        let mut seen = Vec::new();
        let outcome = in_order(&receiver, |block| {
            seen.push(block);
            Ok(())
        });
        assert!(matches!(outcome, Err(Error::Stopped)));
        assert_eq!(seen, [0, 1, 2]);
    }
}
