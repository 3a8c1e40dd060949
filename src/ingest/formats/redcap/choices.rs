//! The choices of a field as the data dictionary writes them: `0, No pain | 10, Worst <b>imaginable</b>`.

/// One choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub code: String,
    pub label: String,
}

/// The choices of a dictionary cell. A bar that no code follows belongs to the label before it.
pub(super) fn parse(cell: &str) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for part in cell.split(['|', '\n']) {
        let split = part.split_once(',').filter(|(code, _)| is_code(code.trim()));
        match (split, choices.last_mut()) {
            (Some((code, label)), _) => choices.push(Choice { code: code.trim().to_owned(), label: plain(label) }),
            (None, Some(last)) if !part.trim().is_empty() => last.label = format!("{} | {}", last.label, plain(part)),
            (None, None) if is_code(part.trim()) => choices.push(Choice { code: part.trim().to_owned(), label: part.trim().to_owned() }),
            (None, _) => {}
        }
    }
    choices
}

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// The part of an export column's name that stands for a code: `-99` → `_99`, `NA` → `na`.
pub(super) fn in_column_name(code: &str) -> String {
    code.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' }).collect()
}

/// A label without tags and entities, its space as one space.
pub(super) fn plain(label: &str) -> String {
    let mut text = String::with_capacity(label.len());
    let mut rest = label;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        rest = tag;
        // "< 3" is no tag.
        if !tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!') {
            text.push('<');
            continue;
        }
        let Some((name, after)) = tag.split_once('>') else {
            text.push('<');
            break;
        };
        // Words on two sides of a line break stay two words.
        if ["br", "/p", "/div", "/li"].iter().any(|line| name.get(..line.len()).is_some_and(|start| start.eq_ignore_ascii_case(line))) {
            text.push(' ');
        }
        rest = after;
    }
    text.push_str(rest);
    for (entity, letter) in
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#039;", "'"), ("&amp;", "&")]
    {
        text = text.replace(entity, letter);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether two labels are the same but for tags, space and case: exports drop tags, and with them sometimes a space.
pub(super) fn same(a: &str, b: &str) -> bool {
    let a = bare(a);
    !a.is_empty() && a == bare(b)
}

/// A label as [`same`] compares it.
pub(super) fn bare(label: &str) -> String {
    plain(label).to_lowercase().replace(' ', "")
}

/// The number a label begins with, if it has no other: `10 (worst)`, but neither `1-2 days` nor `mild`.
pub(super) fn number_of(label: &str) -> Option<&str> {
    let label = label.trim();
    let end = label.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(label.len());
    let (number, rest) = label.split_at(end);
    let number = number.trim_end_matches('.');
    let other = rest.chars().any(|c| c.is_ascii_digit()) || rest.starts_with(char::is_alphabetic);
    (!other && number.parse::<f64>().is_ok()).then_some(number)
}

/// Codes for "missing" that a field annotation gives: `Missing: -99, UNK` or `missing codes = -99`.
pub(super) fn missing_codes(annotation: &str) -> Vec<String> {
    let lower = annotation.to_ascii_lowercase();
    let mut codes = Vec::new();
    for (at, word) in lower.match_indices("missing") {
        // @NOMISSING says something else.
        if lower[..at].ends_with("no") {
            continue;
        }
        let rest = &annotation[at + word.len()..];
        let rest = rest.lines().next().unwrap_or_default().trim_start();
        let rest = ["codes", "code", "values", "value"].iter().find_map(|word| strip_word(rest, word)).unwrap_or(rest).trim_start();
        let Some(list) = rest.strip_prefix([':', '=']) else { continue };
        let listed = list.split([',', ';']).map(|code| code.trim().trim_matches(['"', '\'', '.', '(', ')']));
        codes.extend(listed.take_while(|code| is_code(code)).map(str::to_owned));
    }
    codes
}

fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    text.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word)).and_then(|_| text.get(word.len()..))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(cell: &str) -> Vec<(String, String)> {
        parse(cell).into_iter().map(|choice| (choice.code, choice.label)).collect()
    }

    fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|&(code, label)| (code.to_owned(), label.to_owned())).collect()
    }

    #[test]
    fn codes_and_labels_are_kept_apart() {
        assert_eq!(
            pairs("1, Done | 2, Partly, mostly | 3, <b>Not</b>&nbsp;done"),
            owned(&[("1", "Done"), ("2", "Partly, mostly"), ("3", "Not done")])
        );
        assert_eq!(pairs("na, Not known | -99,Refused |a_b, x"), owned(&[("na", "Not known"), ("-99", "Refused"), ("a_b", "x")]));
        assert_eq!(pairs("1, A | B | 2, pain < 3 <br/>today"), owned(&[("1", "A | B"), ("2", "pain < 3 today")]));
        assert_eq!(pairs(""), owned(&[]));
        assert_eq!(pairs("||, |<"), owned(&[]));
    }

    #[test]
    fn column_names_and_numbers_of_labels_follow_their_rules() {
        assert_eq!((in_column_name("-99").as_str(), in_column_name("NA").as_str(), in_column_name("1.5").as_str()), ("_99", "na", "1_5"));
        for (label, number) in
            [("0", Some("0")), ("10 (worst)", Some("10")), ("5 - moderate", Some("5")), ("2.5", Some("2.5")), ("7.", Some("7"))]
        {
            assert_eq!(number_of(label), number, "{label}");
        }
        for label in ["1-2 days", "mild", "", "2x", "3 of 10", "1.2.3", "."] {
            assert_eq!(number_of(label), None, "{label}");
        }
    }

    #[test]
    fn annotations_may_give_missing_codes() {
        assert_eq!(missing_codes("@HIDDEN Missing codes: -99, UNK; see SOP"), ["-99", "UNK"]);
        assert_eq!(missing_codes("missing = -9"), ["-9"]);
        assert!(missing_codes("@NOMISSING: 3").is_empty());
        assert!(missing_codes("often missing, ask again").is_empty());
    }
}
