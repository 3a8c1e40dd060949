//! A hint as lines: what belongs into study.toml can be copied there as it stands.

/// The lines of a hint. `[files.pain] path = "a.csv"` on one line is no TOML, so the name of a table gets a line of its own.
pub(super) fn hint_lines(hint: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    for mut rest in hint.lines() {
        while let Some((before, name, settings)) = at_table(rest) {
            lines.extend([before, name]);
            rest = settings;
        }
        lines.push(rest);
    }
    lines.into_iter().map(str::trim).filter(|line| !line.is_empty()).collect()
}

/// What stands before the name of a table of files, the name, and the settings after it; names within quotation marks are none.
fn at_table(text: &str) -> Option<(&str, &str, &str)> {
    let mut quoted = false;
    for (at, letter) in text.char_indices() {
        quoted ^= letter == '"' && !text.get(..at)?.ends_with('\\');
        let (before, from) = text.split_at_checked(at)?;
        if !quoted
            && (from.starts_with("[files.") || from.starts_with("[[files."))
            && let Some((name, settings)) = from.split_once(' ')
            && name.ends_with(']')
            && settings.split_whitespace().nth(1) == Some("=")
        {
            return Some((before, name, settings));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::hint_lines;

    #[test]
    fn the_name_of_a_table_stands_on_a_line_of_its_own() {
        let hint = "Write a study.toml: [files.sessions] path = \"a [files.b] x = 1\" [[files.pain]] path = \"b.csv\"\nsheet = \"c\"";
        let wanted = [
            "Write a study.toml:",
            "[files.sessions]",
            "path = \"a [files.b] x = 1\"",
            "[[files.pain]]",
            "path = \"b.csv\"",
            "sheet = \"c\"",
        ];
        assert_eq!(hint_lines(hint), wanted);
    }

    #[test]
    fn a_table_that_is_only_spoken_of_stays_in_its_sentence() {
        for hint in ["Correct path under [files.pain] in study.toml.", "Several files are several [[files.pain]].", "Correct \"ä [files."]
        {
            assert_eq!(hint_lines(hint), [hint]);
        }
    }
}
