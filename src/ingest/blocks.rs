//! A file in blocks that end where a record ends, so that each can be parsed alone.

use std::io::{self, Read};
use xxhash_rust::xxh3::Xxh3;

use super::record::{Cell, Kind, Marks, scan};

/// A row longer than this is none: a packed file of nothing but one line would fill the memory.
const MOST_BYTES: usize = 1 << 30;

/// Some whole records and the line the first one stands on.
#[derive(Debug)]
pub(super) struct Block {
    pub bytes: Vec<u8>,
    pub first_line: usize,
}

/// Reads a source in blocks of about `block_bytes`, cut at record ends.
pub(super) struct Blocks<R> {
    source: R,
    marks: Marks,
    block_bytes: usize,
    rest: Vec<u8>,
    line: usize,
    ended: bool,
    /// Buffers to use again: a fresh one costs the system more than the copy.
    spare: Vec<Vec<u8>>,
    hasher: Xxh3,
}

impl<R: Read> Blocks<R> {
    /// Blocks of `source`, whose first byte stands on line `first_line`.
    pub fn new(source: R, marks: Marks, block_bytes: usize, first_line: usize) -> Self {
        Self {
            source,
            marks,
            block_bytes: block_bytes.max(1),
            rest: Vec::new(),
            line: first_line,
            ended: false,
            spare: Vec::new(),
            hasher: Xxh3::new(),
        }
    }

    /// The hash of everything read so far.
    pub fn hash(&self) -> u64 {
        self.hasher.digest()
    }

    /// Up to `count` blocks; none at the end.
    pub fn batch(&mut self, count: usize) -> io::Result<Vec<Block>> {
        let mut blocks = Vec::with_capacity(count);
        while blocks.len() < count {
            match self.next_block()? {
                Some(block) => blocks.push(block),
                None => break,
            }
        }
        Ok(blocks)
    }

    /// Takes the buffer of a block that has been parsed.
    pub fn reuse(&mut self, block: Block) {
        self.spare.push(block.bytes);
    }

    fn next_block(&mut self) -> io::Result<Option<Block>> {
        let mut wanted = self.block_bytes;
        loop {
            self.fill(wanted)?;
            let cut = if self.ended { self.rest.len() } else { last_record_end(&self.rest, self.marks) };
            if cut > 0 {
                let mut rest = self.spare.pop().unwrap_or_default();
                rest.clear();
                rest.extend_from_slice(&self.rest[cut..]);
                self.rest.truncate(cut);
                let bytes = std::mem::replace(&mut self.rest, rest);
                let first_line = self.line;
                self.line += count_lines(&bytes);
                return Ok(Some(Block { bytes, first_line }));
            }
            if self.ended {
                return Ok(None);
            }
            if self.rest.len() > MOST_BYTES {
                return Err(io::Error::other(format!("the row on line {} does not end within 1 GB", self.line)));
            }
            wanted = self.rest.len().saturating_mul(2);
        }
    }

    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        if self.ended || self.rest.len() >= wanted {
            return Ok(());
        }
        let have = self.rest.len();
        self.rest.reserve_exact(wanted - have);
        self.source.by_ref().take((wanted - have) as u64).read_to_end(&mut self.rest)?;
        self.hasher.update(&self.rest[have..]);
        self.ended = self.rest.len() < wanted;
        Ok(())
    }
}

/// The end of the last record that is whole, or 0.
fn last_record_end(bytes: &[u8], marks: Marks) -> usize {
    if memchr::memchr(b'"', bytes).is_none() {
        if let Some(at) = memchr::memrchr(b'\n', bytes) {
            return at + 1;
        }
        // A \r at the very end may be the first half of \r\n.
        return memchr::memrchr(b'\r', &bytes[..bytes.len().saturating_sub(1)]).map_or(0, |at| at + 1);
    }
    let mut cells: Vec<Cell> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let found = scan(bytes, at, marks, false, &mut cells);
        if found.kind == Kind::Incomplete {
            break;
        }
        at = found.next;
    }
    at
}

/// Physical lines that end in `bytes`: `\n`, `\r\n` and a lone `\r` alike.
pub(super) fn count_lines(bytes: &[u8]) -> usize {
    let feeds = memchr::memchr_iter(b'\n', bytes).count();
    let lone = memchr::memchr_iter(b'\r', bytes).filter(|&at| bytes.get(at + 1) != Some(&b'\n')).count();
    feeds + lone
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_any_size_hold_whole_records_and_know_their_lines() {
        let text = "a,1\r\n\"b\n\"\"x\"\"\",2\r\n\r\nc,3\nd,\"4\"";
        for size in 1..40 {
            let mut blocks = Blocks::new(text.as_bytes(), Marks { delimiter: b',', comment: None }, size, 2);
            let mut all = String::new();
            let mut line = 2;
            while let Some(block) = blocks.next_block().unwrap() {
                assert_eq!(block.first_line, line, "block size {size}");
                line += count_lines(&block.bytes);
                let piece = String::from_utf8(block.bytes).unwrap();
                assert_eq!(piece.matches('"').count() % 2, 0, "block size {size} cuts a quoted cell");
                all.push_str(&piece);
            }
            assert_eq!(all, text);
        }
    }
}
