//! The keyed hash that stands for a patient id.

use std::fmt;
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::key;
use crate::ingest::error::IngestError;

/// Characters of a pseudonym after `p-`: 80 bits, so that two of a million patients collide once in 10^12 studies.
const LETTERS: usize = 16;
/// RFC 4648, in small letters.
const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// What the fingerprint of a key is made from; no id, which is trimmed text, is this.
const FINGERPRINT: &[u8] = b"\0staywell key fingerprint";

/// Replaces patient ids by a keyed hash: one key gives one id the same pseudonym in every file, study and month.
#[derive(Clone)]
pub struct Pseudonyms {
    mac: Hmac<Sha256>,
    in_study: bool,
}

impl fmt::Debug for Pseudonyms {
    /// The key is never shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pseudonyms").field("fingerprint", &self.fingerprint()).finish_non_exhaustive()
    }
}

impl Pseudonyms {
    /// Reads the key from a file; `study` is the study folder, in which a key does not belong.
    ///
    /// # Errors
    /// [`IngestError::Key`] if there is no such file, it cannot be read, or it holds less than 16 bytes.
    pub fn from_file(path: &Path, study: &Path) -> Result<Self, IngestError> {
        let mut pseudonyms = Self::new(&key::read(path)?)?;
        pseudonyms.in_study = key::lies_in(path, study);
        Ok(pseudonyms)
    }

    /// Pseudonyms by this key.
    ///
    /// # Errors
    /// [`IngestError::Key`] if the key has less than 16 bytes.
    pub fn new(key: &[u8]) -> Result<Self, IngestError> {
        let key = key::checked(key)?;
        let mac = Hmac::<Sha256>::new_from_slice(key).map_err(|_| key::unusable())?;
        Ok(Self { mac, in_study: false })
    }

    /// The pseudonym of an id: `p-` and the first 80 bits of HMAC-SHA-256 of the trimmed id, in base 32.
    #[must_use]
    pub fn of(&self, id: &str) -> String {
        let hash = self.hash(id.trim().as_bytes());
        let mut text = String::with_capacity(2 + LETTERS);
        text.push_str("p-");
        let (mut bits, mut held) = (0_u32, 0_u32);
        for byte in hash.iter().take(LETTERS * 5 / 8) {
            bits = (bits << 8) | u32::from(*byte);
            held += 8;
            while held >= 5 {
                held -= 5;
                text.push(char::from(BASE32[(bits >> held & 31) as usize]));
            }
            bits &= (1 << held) - 1;
        }
        text
    }

    /// Tells two keys apart without saying anything of either: eight hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let [a, b, c, d, ..] = self.hash(FINGERPRINT);
        format!("{:08x}", u32::from_be_bytes([a, b, c, d]))
    }

    /// A hash of a cell that is not to be guessed from it.
    pub(in crate::ingest) fn mark(&self, cell: &str) -> u64 {
        self.digest("cell", cell.as_bytes())
    }

    /// A hash that tells two contents apart and, other than a plain one, cannot be used to try what a content may be; `of` says what
    /// is hashed.
    #[must_use]
    pub fn digest(&self, of: &str, content: &[u8]) -> u64 {
        let message = [b"\0staywell ", of.as_bytes(), b"\0", content].concat();
        let [a, b, c, d, e, f, g, h, ..] = self.hash(&message);
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    }

    /// Whether the key lies in the study folder, where it goes along when the folder is shared.
    pub(in crate::ingest) fn lies_in_study(&self) -> bool {
        self.in_study
    }

    fn hash(&self, message: &[u8]) -> [u8; 32] {
        let mut mac = self.mac.clone();
        mac.update(message);
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Python: base64.b32encode(hmac.new(key, id, "sha256").digest()[:10]).decode().lower()
    #[test]
    fn a_pseudonym_is_the_keyed_hash_of_the_trimmed_id() {
        let pseudonyms = Pseudonyms::new(b"0123456789abcdef\n").unwrap();
        assert_eq!(pseudonyms.of("MUELLER-1967"), "p-ruvvvkzlw26siuq6");
        assert_eq!(pseudonyms.of(" MUELLER-1967 "), pseudonyms.of("MUELLER-1967"));
        assert_eq!(pseudonyms.of("Müller, Jürgen"), "p-pbijktdraewdsqpf");
        assert_eq!(pseudonyms.fingerprint(), "fdcdda9d");
        assert!(!format!("{pseudonyms:?}").contains("0123"));
    }

    // Python: hmac.new(key, b"\0staywell cell\0abc", "sha256").digest()[:8].hex(), and with input in the place of cell
    #[test]
    fn a_digest_depends_on_the_key_and_on_what_is_hashed() {
        let pseudonyms = Pseudonyms::new(b"0123456789abcdef").unwrap();
        assert_eq!(pseudonyms.mark("abc"), 0xc177_b086_3348_d259);
        assert_eq!(pseudonyms.digest("input", b"abc"), 0x7785_dbf0_f58e_c362);
        assert_ne!(Pseudonyms::new(b"0123456789abcdeg").unwrap().digest("input", b"abc"), 0x7785_dbf0_f58e_c362);
    }

    // RFC 4231, test case 6 (a key longer than a block).
    #[test]
    fn the_hash_is_hmac_sha_256() {
        let pseudonyms = Pseudonyms::new(&[0xaa; 131]).unwrap();
        let hash = pseudonyms.hash(b"Test Using Larger Than Block-Size Key - Hash Key First");
        assert_eq!(
            hash,
            [
                0x60, 0xe4, 0x31, 0x59, 0x1e, 0xe0, 0xb6, 0x7f, 0x0d, 0x8a, 0x26, 0xaa, 0xcb, 0xf5, 0xb7, 0x7f, 0x8e, 0x0b, 0xc6, 0x21,
                0x37, 0x28, 0xc5, 0x14, 0x05, 0x46, 0x04, 0x0f, 0x0e, 0xe3, 0x7f, 0x54
            ]
        );
    }
}
