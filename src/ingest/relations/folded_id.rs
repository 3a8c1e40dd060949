//! What is left of an id when spelling is put aside.

/// The id without what people vary: case, spaces, dashes and other marks, leading zeros, O for 0, l and I for 1.
///
/// A mark between two digits stays (1-12 and 11-2 are two patients), and so does the first letter (I1 and L1 are two sites).
pub(super) fn folded(id: &str) -> String {
    let mut letters: Vec<char> = Vec::with_capacity(id.len());
    let mut mark = false;
    for letter in id.chars().flat_map(char::to_lowercase) {
        if !letter.is_alphanumeric() {
            mark = true;
            continue;
        }
        if mark && letter.is_ascii_digit() && letters.last().is_some_and(char::is_ascii_digit) {
            letters.push('.');
        }
        mark = false;
        letters.push(letter);
    }
    let lookalike = |letter: char, neighbor: Option<&char>| match letter {
        'o' if neighbor.is_some_and(char::is_ascii_digit) => '0',
        'l' | 'i' if neighbor.is_some_and(char::is_ascii_digit) => '1',
        letter => letter,
    };
    for at in (1..letters.len()).rev() {
        letters[at] = lookalike(letters[at], letters.get(at + 1));
    }
    for at in 1..letters.len() {
        letters[at] = lookalike(letters[at], letters.get(at - 1));
    }
    let mut text = String::with_capacity(id.len());
    let mut rest = letters.as_slice();
    while let Some((&letter, later)) = rest.split_first() {
        let leading_zero =
            letter == '0' && later.first().is_some_and(char::is_ascii_digit) && !text.ends_with(|before: char| before.is_ascii_digit());
        if !leading_zero {
            text.push(letter);
        }
        rest = later;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn spellings_of_one_id_fold_to_one_and_ids_of_two_do_not() {
        for other in ["p12", "P-0012", "P 0012", "P0012.", "POO12", "PO0l2", "p_12"] {
            assert_eq!(folded(other), folded("P0012"), "{other}");
        }
        for (one, other) in
            [("1-12", "11-2"), ("P1", "P10"), ("P100", "P1"), ("I1", "L1"), ("A1", "B1"), ("P0", "P"), ("10", "1"), ("Lou", "L0u")]
        {
            assert_ne!(folded(one), folded(other), "{one} {other}");
        }
        assert_eq!(folded("000"), "0");
        assert_eq!(folded("P1-007"), "p1.7");
        assert_eq!(folded("Größe 7"), "größe7");
        assert_eq!(folded("---"), "");
    }
}
