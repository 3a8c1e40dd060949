//! A reply to "on how many of the last seven days …?", as people type it.

/// Why a reply is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoAnswer {
    /// A number in words, a range, a doubt, a sentence.
    Unclear,
    /// The patient wants no more messages.
    Stop,
}

/// Words for days that may stand after the number.
const DAYS: &[&str] = &[
    "d",
    "day",
    "days",
    "dag",
    "dage",
    "dagar",
    "dager",
    "dagen",
    "t",
    "tag",
    "tage",
    "tagen",
    "jour",
    "jours",
    "j",
    "dia",
    "dias",
    "día",
    "días",
    "giorno",
    "giorni",
    "gg",
    "päivä",
    "päivää",
    "dni",
    "dzień",
];

/// Words that end the messages.
const STOPS: &[&str] = &["stop", "stopp", "stopall", "unsubscribe", "quit", "cancel", "end", "slut", "stopit"];

/// The number in a reply. Numbers that are no count of days are left to the scale.
pub(super) fn number(reply: &str) -> Result<u32, NoAnswer> {
    let text = reply.to_lowercase();
    let plain = text.trim_matches(|c: char| c.is_whitespace() || ".,;:!\"'*\u{201c}\u{201d}\u{201e}\u{2019}()".contains(c));
    if STOPS.contains(&plain) {
        return Err(NoAnswer::Stop);
    }
    let end = plain.find(|c: char| !c.is_ascii_digit()).unwrap_or(plain.len());
    let (digits, rest) = plain.split_at(end);
    // A spreadsheet may have made 3.0 of 3.
    let rest = rest.strip_prefix(".0").or_else(|| rest.strip_prefix(",0")).unwrap_or(rest);
    let word = rest.trim_matches(|c: char| c.is_whitespace() || c == '.');
    if digits.is_empty() || digits.len() > 3 || !(word.is_empty() || DAYS.contains(&word)) {
        return Err(NoAnswer::Unclear);
    }
    digits.parse().map_err(|_| NoAnswer::Unclear)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_number_is_read_with_harmless_dress() {
        for (reply, days) in
            [("3", 3), (" 7.", 7), ("0 dage", 0), ("3 days!", 3), ("\"5\"", 5), ("2d.", 2), ("4.0", 4), ("8", 8), ("4 Tage", 4)]
        {
            assert_eq!(number(reply), Ok(days), "{reply}");
        }
    }

    #[test]
    fn what_has_to_be_interpreted_is_no_answer() {
        for reply in
            ["three", "3?", "-", "-3", "3-4", "3 or 4", "2.5", "3/7", "3 4", "", "?", "6 days better", "3 days 2 nights", "½", "٣", "1000"]
        {
            assert_eq!(number(reply), Err(NoAnswer::Unclear), "{reply}");
        }
        assert_eq!(number("STOP."), Err(NoAnswer::Stop));
    }
}
