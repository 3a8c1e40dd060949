//! Packed text: unpacked as it is read.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::Format;

/// Packed text as a format.
pub(super) const FORMAT: Format = Format {
    id: "gzip",
    name: "CSV packed with gzip (.csv.gz, .tsv.gz)",
    looks_like: "delimited text, packed",
    read_as: "unpacked while it is read, in one or several parts; then like any delimited text",
};

/// The text of a packed file from its byte `offset` on.
pub(in crate::ingest) fn reader(path: &Path, offset: u64) -> io::Result<impl Read + Send + use<>> {
    let mut text = Unpacked::new(BufReader::with_capacity(1 << 17, File::open(path)?));
    io::copy(&mut text.by_ref().take(offset), &mut io::sink())?;
    Ok(text)
}

/// All text of a packed file held in memory.
pub(in crate::ingest) fn unpacked(packed: &[u8]) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    Unpacked::new(packed).read_to_end(&mut text)?;
    Ok(text)
}

/// Counts the lines unpacked, so that damage can be placed.
struct Unpacked<R> {
    text: MultiGzDecoder<R>,
    lines: usize,
}

impl<R: BufRead> Unpacked<R> {
    fn new(packed: R) -> Self {
        Self { text: MultiGzDecoder::new(packed), lines: 0 }
    }
}

impl<R: BufRead> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.text.read(buffer) {
            Ok(read) => {
                self.lines += memchr::memchr_iter(b'\n', buffer.get(..read).unwrap_or_default()).count();
                Ok(read)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                let cut = error.kind() == io::ErrorKind::UnexpectedEof;
                let how = if cut { "ends too early".to_owned() } else { format!("is damaged ({error})") };
                let lines = self.lines;
                Err(io::Error::other(format!(
                    "as a gzip file it {how}; only its first {lines} lines can be unpacked. Copy or export it again"
                )))
            }
        }
    }
}
