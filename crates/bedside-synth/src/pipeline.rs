//! Blocks of patients made on threads, compressed there, and joined in order into the files.

use crate::gzip::{Deflater, HEADER, Piece, trailer};
use crate::layout::{Layout, TableFile};
use crate::patient::Setting;
use crate::release::Folder;
use crate::table::{Place, Sheets};
use crate::{Error, Progress, TableSummary};
use crossbeam_channel::{Receiver, Sender};
use flate2::Crc;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

/// Patients in a block: about 5 MB of csv, so that a piece compresses as well as a whole file does.
const BLOCK: u64 = 6;

/// Blocks that may wait for a slower one before them, per thread.
const AHEAD: u64 = 3;

/// What to make, checked.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) layout: Layout,
    pub(crate) seed: u64,
    pub(crate) patients: u64,
    pub(crate) stays_tenths: u32,
    pub(crate) threads: NonZeroUsize,
}

/// Makes all tables and writes their files and checksums.
pub(crate) fn run(
    plan: &Plan,
    folder: &Folder,
    progress: &(dyn Fn(Progress) + Sync),
    stop: &AtomicBool,
) -> Result<Vec<TableSummary>, Error> {
    let mut files = Files::create(&plan.layout, folder)?;
    let threads = plan.threads.get() as u64;
    let turn = Turn::new(AHEAD * threads);
    let next = AtomicU64::new(0);
    let (sender, receiver) = crossbeam_channel::bounded((AHEAD * threads) as usize);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let sender = sender.clone();
            let (next, turn) = (&next, &turn);
            scope.spawn(move || work(plan, next, turn, &sender));
        }
        drop(sender);
        let result = collect(plan, &receiver, &turn, &mut files, progress, stop);
        // Lets workers that wait or send end, also after an error.
        turn.close();
        drop(receiver);
        result
    })?;
    files.finish(folder)
}

/// The pieces of one block, one per table that has rows in it.
struct Block {
    number: u64,
    pieces: Vec<(Place, u64, Piece)>,
}

fn blocks(plan: &Plan) -> u64 {
    plan.patients.div_ceil(BLOCK)
}

/// One thread's work: takes the next block until none is left.
fn work(plan: &Plan, next: &AtomicU64, turn: &Turn, sender: &Sender<std::io::Result<Block>>) {
    let setting = Setting { seed: plan.seed, patients: plan.patients, stays_tenths: plan.stays_tenths };
    let mut sheets = Sheets::new(plan.layout.tables.len());
    let mut deflater = Deflater::new();
    let _guard = CloseOnPanic(turn);
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= blocks(plan) || !turn.wait(number) {
            return;
        }
        sheets.clear();
        if number == 0 {
            (plan.layout.dictionary)(&mut sheets);
        }
        for index in number * BLOCK..((number + 1) * BLOCK).min(plan.patients) {
            (plan.layout.patient)(&setting, index, &mut sheets);
        }
        let block = compress(&sheets, &mut deflater).map(|pieces| Block { number, pieces });
        if sender.send(block).is_err() {
            return;
        }
    }
}

fn compress(sheets: &Sheets, deflater: &mut Deflater) -> std::io::Result<Vec<(Place, u64, Piece)>> {
    let mut pieces = Vec::new();
    for (place, rows) in sheets.iter() {
        if rows.count > 0 {
            pieces.push((place, rows.count, deflater.piece(&rows.bytes)?));
        }
    }
    Ok(pieces)
}

/// Writes blocks in their order, whatever order they come in.
fn collect(
    plan: &Plan,
    receiver: &Receiver<std::io::Result<Block>>,
    turn: &Turn,
    files: &mut Files,
    progress: &(dyn Fn(Progress) + Sync),
    stop: &AtomicBool,
) -> Result<(), Error> {
    let mut early = BTreeMap::new();
    for number in 0..blocks(plan) {
        let block = loop {
            if let Some(block) = early.remove(&number) {
                break block;
            }
            let block = receiver.recv().map_err(|_| Error::Internal)?.map_err(|_| Error::Internal)?;
            early.insert(block.number, block);
        };
        if stop.load(Ordering::Relaxed) {
            return Err(Error::Stopped);
        }
        files.append(block)?;
        turn.advance(number + 1);
        let patients = ((number + 1) * BLOCK).min(plan.patients);
        progress(Progress { patients, of: plan.patients, bytes: files.bytes() });
    }
    Ok(())
}

/// Keeps fast threads from running far ahead of the block that is to be written next: that bounds memory.
struct Turn {
    ahead: u64,
    written: Mutex<u64>,
    changed: Condvar,
}

impl Turn {
    fn new(ahead: u64) -> Self {
        Self { ahead, written: Mutex::new(0), changed: Condvar::new() }
    }

    /// Waits until block `number` may be made; false when the work is over.
    fn wait(&self, number: u64) -> bool {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let written = self
            .changed
            .wait_while(written, |written| number >= written.saturating_add(self.ahead))
            .unwrap_or_else(PoisonError::into_inner);
        *written != u64::MAX
    }

    fn advance(&self, written: u64) {
        let mut now = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        *now = written.max(*now);
        self.changed.notify_all();
    }

    fn close(&self) {
        self.advance(u64::MAX);
    }
}

/// Frees the other threads when one of them panics; the scope then hands the panic on.
struct CloseOnPanic<'a>(&'a Turn);

impl Drop for CloseOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.close();
        }
    }
}

/// All files of the release, open at their ends.
struct Files {
    files: Vec<OpenFile>,
}

struct OpenFile {
    table: TableFile,
    path: PathBuf,
    file: BufWriter<File>,
    digest: Sha256,
    crc: Crc,
    rows: u64,
    bytes: u64,
    compressed: u64,
}

impl Files {
    fn create(layout: &Layout, folder: &Folder) -> Result<Self, Error> {
        let mut files = Vec::new();
        let mut deflater = Deflater::new();
        for table in &layout.tables {
            let path = folder.path(&table.file);
            let file = File::create(&path).map_err(Error::write(&path))?;
            let mut file = OpenFile {
                table: table.clone(),
                file: BufWriter::with_capacity(128 * 1024, file),
                digest: Sha256::new(),
                crc: Crc::new(),
                rows: 0,
                bytes: 0,
                compressed: 0,
                path,
            };
            let header = format!("{}\n", table.header);
            file.put(&HEADER)?;
            file.append(0, &deflater.piece(header.as_bytes()).map_err(Error::write(&file.path))?)?;
            files.push(file);
        }
        Ok(Self { files })
    }

    fn append(&mut self, block: Block) -> Result<(), Error> {
        for (place, rows, piece) in block.pieces {
            self.files[place.0].append(rows, &piece)?;
        }
        Ok(())
    }

    fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// Ends all files and lists their checksums.
    fn finish(self, folder: &Folder) -> Result<Vec<TableSummary>, Error> {
        let mut sums = String::new();
        let mut tables = Vec::new();
        for mut file in self.files {
            file.put(&trailer(&file.crc))?;
            let ended = file.file.flush().and_then(|()| file.file.get_ref().sync_all());
            ended.map_err(Error::write(&file.path))?;
            for byte in file.digest.finalize() {
                _ = write!(sums, "{byte:02x}");
            }
            _ = writeln!(sums, " {}", file.table.file);
            tables.push(TableSummary {
                module: file.table.module,
                name: file.table.name,
                rows: file.rows,
                bytes: file.bytes,
                compressed: file.compressed,
            });
        }
        folder.write("SHA256SUMS.txt", &sums)?;
        Ok(tables)
    }
}

impl OpenFile {
    fn append(&mut self, rows: u64, piece: &Piece) -> Result<(), Error> {
        self.crc.combine(&piece.crc);
        self.rows += rows;
        // The checksum counts modulo 2^32, one piece is far below that.
        self.bytes += u64::from(piece.crc.amount());
        self.put(&piece.deflated)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.digest.update(bytes);
        self.compressed += bytes.len() as u64;
        self.file.write_all(bytes).map_err(Error::write(&self.path))
    }
}
