//! The compound file around an .xls: checked before it is read, since a chain of sectors that runs in a circle never ends.

const SECTORS_IN_HEADER: usize = 109;
/// Numbers from here on mark the end of a chain, a free sector and the like.
const RESERVED: u32 = 0xFFFF_FFFA;

/// Whether every chain of sectors of a compound file ends.
pub(super) fn chains_end(file: &[u8]) -> bool {
    let word = |at: usize| file.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes);
    let size = match file.get(30..32) {
        Some([9, 0]) => 512,
        Some([12, 0]) => 4096,
        _ => return false,
    };
    let words = |sector: u32| {
        let start = (sector as usize).saturating_add(1).saturating_mul(size);
        (start..start.saturating_add(size)).step_by(4).map_while(word).collect::<Vec<u32>>()
    };
    let sectors = file.len() / size;
    // The sectors that hold the table of chains: the first ones stand in the header, further ones in a chain of their own.
    let mut tables: Vec<u32> = (0..SECTORS_IN_HEADER).filter_map(|index| word(76 + 4 * index)).collect();
    let (mut next, mut steps) = (word(68).unwrap_or(RESERVED), 0);
    while next < RESERVED {
        let mut further = words(next);
        steps += 1;
        let Some(last) = further.pop().filter(|_| steps <= sectors) else { return false };
        tables.extend(further);
        next = last;
    }
    let chains: Vec<u32> = tables.into_iter().filter(|&table| table < RESERVED).take(sectors).flat_map(words).collect();
    !runs_in_a_circle(&chains)
}

/// Whether following the chains from any sector comes back to it.
fn runs_in_a_circle(chains: &[u32]) -> bool {
    // The walk in which a sector was met: 0 for none.
    let mut met = vec![0_u32; chains.len()];
    for start in 0..chains.len() {
        let (mut at, walk) = (start, start as u32 + 1);
        while let Some(mark) = met.get_mut(at) {
            if *mark == walk {
                return true;
            }
            if *mark != 0 {
                break;
            }
            *mark = walk;
            match chains.get(at) {
                Some(&next) if next < RESERVED => at = next as usize,
                _ => break,
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: u32 = 0xFFFF_FFFE;

    #[test]
    fn a_circle_is_found_wherever_it_begins() {
        assert!(!runs_in_a_circle(&[1, 2, END, 2, END]));
        assert!(runs_in_a_circle(&[END, 2, 3, 1]));
        assert!(runs_in_a_circle(&[0]));
        assert!(!runs_in_a_circle(&[]));
        assert!(!runs_in_a_circle(&[99, 0]));
    }

    #[test]
    fn what_is_no_compound_file_has_no_chains() {
        assert!(!chains_end(b"\xD0\xCF\x11\xE0"));
    }
}
