//! Delimited text, the native form.

use super::Format;

/// Delimited text as a format.
pub(super) const FORMAT: Format = Format {
    id: "delimited",
    name: "Delimited text (.csv, .tsv, .txt)",
    looks_like: "a header and one line a row, separated by comma, semicolon, tab or |",
    read_as: "separator, decimal mark, encoding (UTF-8, UTF-16, Windows-1252) and order of dates are settled from the file and stated",
};
