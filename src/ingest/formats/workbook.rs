//! Workbooks of Excel and `OpenDocument`: one sheet a log.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use calamine::{
    Data, DataRef, DataType, Error, Ods, OdsError, Reader, SheetType, SheetVisible, Sheets, Xls, XlsError, Xlsb, Xlsx, XlsxError,
};

use super::Format;
use super::apart::apart;
use super::compound::chains_end;
use super::error::ContainerError;
use super::rows::{Rows, Said};
use super::sheet_cell;
use super::sheet_name;
use super::sheet_rows::SheetRows;
use crate::domain::nearest;
use crate::domain::number::counted;
use crate::ingest::error::IngestError;
use crate::ingest::locate::{Located, unreadable};
use crate::settings::LogKind;

/// Workbooks as a format.
pub(super) const FORMAT: Format = Format {
    id: "workbook",
    name: "Excel (.xlsx, .xlsm, .xlsb, .xls) and OpenDocument (.ods) workbook",
    looks_like: "one sheet per log, the names of the columns in its first filled row",
    read_as: "the sheet named under [files.…] sheet, else the one called like the log, else the only one; dates of either epoch become ISO \
              dates, formulas their last result, #N/A missing; hidden rows are read",
};

/// An opened workbook; its clones share it.
#[derive(Clone)]
pub(in crate::ingest) struct Book(Arc<Mutex<Sheets<BufReader<File>>>>);

impl std::fmt::Debug for Book {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Book")
    }
}

/// A sheet in a list of them.
struct Listed {
    name: String,
    visible: bool,
}

/// What is said of a workbook that made its reader stumble.
const CONTRADICTION: &str = "its structure contradicts itself";

fn damaged(file: &str, line: usize, problem: &str) -> ContainerError {
    ContainerError::Damaged { file: file.to_owned(), container: "a workbook", line, problem: problem.to_owned() }
}

/// Unpacked, a workbook larger than this is no log; its texts alone are held in memory.
const MOST_BYTES: u128 = 4 << 30;
const MOST_TEXT: u64 = 1 << 29;

impl Book {
    /// Opens a workbook of any kind.
    pub fn open(path: &Path, file: &str) -> Result<Self, IngestError> {
        let bytes = || File::open(path).map(BufReader::new).map_err(|error| unreadable(file, &error));
        let mut magic = [0; 2];
        bytes()?.read_exact(&mut magic).map_err(|error| unreadable(file, &error))?;
        let packed = if magic == *b"PK" { Some(Packed::of(bytes()?, file)?) } else { None };
        if packed.is_none() && !chains_end(&std::fs::read(path).map_err(|error| unreadable(file, &error))?) {
            return Err(damaged(file, 0, CONTRADICTION).into());
        }
        let source = bytes()?;
        let opened = apart(|| -> Result<Sheets<BufReader<File>>, Error> {
            Ok(match packed {
                Some(Packed::Xlsx) => Sheets::Xlsx(Xlsx::new(source)?),
                Some(Packed::Xlsb) => Sheets::Xlsb(Xlsb::new(source)?),
                Some(Packed::Ods) => Sheets::Ods(Ods::new(source)?),
                None => Sheets::Xls(Xls::new(source)?),
            })
        });
        let password = || Err(ContainerError::Password { file: file.to_owned() }.into());
        match opened {
            Some(Ok(sheets)) => Ok(Self(Arc::new(Mutex::new(sheets)))),
            Some(Err(Error::Xlsx(XlsxError::Password) | Error::Xls(XlsError::Password) | Error::Ods(OdsError::Password))) => password(),
            // A password turns an .xlsx into a compound file like that of an .xls.
            Some(Err(_)) if packed.is_none() && matches!(apart(|| bytes().map(Xlsx::new)), Some(Ok(Err(XlsxError::Password)))) => {
                password()
            }
            Some(Err(error)) => Err(damaged(file, 0, &error.to_string()).into()),
            None => Err(damaged(file, 0, CONTRADICTION).into()),
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Sheets<BufReader<File>>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// As `with`, for what reads cells.
    fn reading<T: Send>(&self, work: impl FnOnce(&mut Sheets<BufReader<File>>) -> T + Send) -> Option<T> {
        apart(|| self.with(work))
    }

    fn listed(&self) -> Vec<Listed> {
        self.with(|sheets| {
            let tables = sheets.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
            tables.map(|sheet| Listed { name: sheet.name.clone(), visible: sheet.visible == SheetVisible::Visible }).collect()
        })
    }

    /// The names of its sheets.
    pub fn names(&self) -> Vec<String> {
        self.listed().into_iter().map(|sheet| sheet.name).collect()
    }

    /// The sheet called like a log.
    pub fn called(&self, kind: LogKind) -> Option<String> {
        let mut listed = self.listed();
        let at = sheet_name::find(listed.iter().map(|sheet| sheet.name.as_str()), kind)?;
        Some(listed.swap_remove(at).name)
    }

    /// The sheet of a log: the one `study.toml` names, else the one called like it, else the only one with cells.
    pub fn sheet(&self, kind: LogKind, wanted: Option<&str>, file: &str) -> Result<String, ContainerError> {
        let listed = self.listed();
        if let Some(wanted) = wanted {
            let wanted = wanted.trim();
            let exact = listed.iter().find(|sheet| sheet.name.trim() == wanted);
            let found = exact.or_else(|| listed.iter().find(|sheet| sheet.name.trim().to_lowercase() == wanted.to_lowercase()));
            return found.map(|sheet| sheet.name.clone()).ok_or_else(|| ContainerError::NoSuchSheet {
                file: file.to_owned(),
                kind,
                sheet: wanted.to_owned(),
                sheets: self.names(),
                nearest: nearest(wanted, listed.iter().map(|sheet| sheet.name.as_str())).map(str::to_owned),
            });
        }
        if let Some(called) = self.called(kind) {
            return Ok(called);
        }
        let visible: Vec<&Listed> = listed.iter().filter(|sheet| sheet.visible || listed.len() == 1).collect();
        let mut filled = visible.iter().filter(|sheet| visible.len() == 1 || self.has_cells(&sheet.name));
        match (filled.next(), filled.next()) {
            (Some(only), None) => Ok(only.name.clone()),
            _ => Err(ContainerError::WhichSheet { file: file.to_owned(), kind, sheets: self.names() }),
        }
    }

    fn has_cells(&self, sheet: &str) -> bool {
        let found = self.reading(|sheets| match sheets {
            Sheets::Xlsx(book) => {
                let Ok(mut cells) = book.worksheet_cells_reader(sheet) else { return true };
                loop {
                    match cells.next_cell() {
                        Ok(None) => return false,
                        Ok(Some(cell)) if cell.get_value().is_empty() => {}
                        Ok(Some(_)) | Err(_) => return true,
                    }
                }
            }
            other => other.worksheet_range(sheet).map_or(true, |range| range.used_cells().any(|(_, _, cell)| *cell != Data::Empty)),
        });
        found.unwrap_or(true)
    }

    /// Hands on the rows of a sheet, of which `file` is the name in messages.
    pub(super) fn rows(&self, located: &Located, kind: LogKind, sheet: &str, table: &mut dyn Rows) -> Result<Said, ContainerError> {
        let file = located.name.as_str();
        let mut rows = SheetRows::new(file, kind, &located.settings, table);
        let read = self.reading(|sheets| match sheets {
            Sheets::Xlsx(book) => streamed(book, sheet, file, &mut rows),
            other => ranged(other, sheet, file, &mut rows),
        });
        let cells = read.ok_or_else(|| damaged(file, 0, CONTRADICTION))??;
        let mut said = Said { described: vec![format!("sheet \"{sheet}\"")], notes: rows.finish()? };
        let listed = self.listed();
        if listed.iter().any(|other| other.name == sheet && !other.visible) {
            said.notes.push(format!("{file}: the sheet is hidden in the workbook; it was read."));
        }
        if let Some(note) = self.merged(sheet, cells, file) {
            said.notes.push(note);
        }
        Ok(said)
    }

    /// Merged cells hold their value in the first row only, the others are empty.
    fn merged(&self, sheet: &str, cells: usize, file: &str) -> Option<String> {
        // Finding them takes another way through the sheet, which large exports, made by programs, are spared.
        if cells > 1_000_000 {
            return None;
        }
        let down = self.reading(|sheets| match sheets {
            Sheets::Xlsx(book) => {
                let merged = book.merge_cells_by_sheet_name(sheet).ok()?;
                Some(merged.iter().filter(|area| area.end.0 > area.start.0).count())
            }
            _ => None,
        })??;
        let areas = counted(down, "merged cell spans", "merged cells span");
        let advice =
            "only the first row of each has its value. If it means all of them, say so in study.toml: fill_down = [\"the column\"]";
        (down > 0).then(|| format!("{file}: {areas} several rows, and {advice}"))
    }
}

/// What a zip archive holds.
#[derive(Clone, Copy)]
enum Packed {
    Xlsx,
    Xlsb,
    Ods,
}

impl Packed {
    fn of(source: BufReader<File>, file: &str) -> Result<Self, ContainerError> {
        let mut archive = zip::ZipArchive::new(source).map_err(|error| damaged(file, 0, &error.to_string()))?;
        let names: Vec<String> = archive.file_names().filter_map(|name| name.ok().map(|name| name.replace('\\', "/"))).collect();
        let has = |wanted: &str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
        let packed = if has("xl/workbook.bin") {
            Self::Xlsb
        } else if names.iter().any(|name| name.starts_with("xl/")) {
            Self::Xlsx
        } else if has("content.xml") && !has("word/document.xml") {
            Self::Ods
        } else {
            let listed: Vec<&str> = names.iter().map(String::as_str).take(3).collect();
            let is =
                if has("word/document.xml") { "a Word document".to_owned() } else { format!("a zip archive of {}", listed.join(", ")) };
            return Err(ContainerError::NotATable {
                file: file.to_owned(),
                is,
                fix: "Give the table itself, as CSV, as an Excel workbook or packed with gzip (.csv.gz).",
            });
        };
        let all = archive.decompressed_size().unwrap_or(u128::MAX);
        let texts = names.iter().position(|name| name.to_lowercase().contains("sharedstrings"));
        let text = texts.and_then(|at| archive.by_index_raw(at).ok().map(|part| part.size())).unwrap_or(0);
        if all > MOST_BYTES || text > MOST_TEXT {
            return Err(ContainerError::TooLarge { file: file.to_owned(), gigabytes: all as f64 / 1e9 });
        }
        Ok(packed)
    }
}

/// The rows of a sheet as they are unpacked; gives the number of cells.
fn streamed(book: &mut Xlsx<BufReader<File>>, sheet: &str, file: &str, rows: &mut SheetRows<'_>) -> Result<usize, ContainerError> {
    let (mut row, mut line, mut count): (Vec<String>, usize, usize) = (Vec::new(), 0, 0);
    let mut cells = book.worksheet_cells_reader(sheet).map_err(|error| damaged(file, 0, &error.to_string()))?;
    let zeros: Vec<usize> = cells
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref().map_or(0, |format| sheet_cell::zeros(&format.format_code)))
        .collect();
    loop {
        let (cell, style) = match cells.next_cell_with_style_id() {
            Ok(Some(found)) => found,
            Ok(None) => break,
            Err(error) => return Err(damaged(file, line, &error.to_string())),
        };
        if cell.get_value().is_empty() {
            continue;
        }
        let (at, column) = cell.get_position();
        let at = at as usize + 1;
        if at != line {
            rows.row(&mut row, line)?;
            row.clear();
            line = at;
        }
        put(&mut row, column as usize, sheet_cell::text(cell.get_value(), zeros.get(style).copied().unwrap_or(0)));
        count += 1;
    }
    rows.row(&mut row, line)?;
    Ok(count)
}

/// Sheets have at most this many columns.
const MOST_COLUMNS: usize = 16_384;

fn put(row: &mut Vec<String>, column: usize, text: String) {
    if column >= MOST_COLUMNS {
        return;
    }
    if row.len() <= column {
        row.resize(column + 1, String::new());
    }
    row[column] = text;
}

/// The rows of a sheet that can be read as a whole only.
fn ranged(book: &mut Sheets<BufReader<File>>, sheet: &str, file: &str, rows: &mut SheetRows<'_>) -> Result<usize, ContainerError> {
    let range = book.worksheet_range(sheet).map_err(|error| damaged(file, 0, &error.to_string()))?;
    let (first_row, first_column) = range.start().unwrap_or_default();
    let mut row: Vec<String> = Vec::new();
    for (index, cells) in range.rows().enumerate() {
        row.clear();
        row.resize(first_column as usize, String::new());
        row.extend(cells.iter().map(|cell| sheet_cell::text(&borrowed(cell), 0)));
        rows.row(&mut row, first_row as usize + index + 1)?;
    }
    Ok(range.get_size().0.saturating_mul(range.get_size().1))
}

fn borrowed(cell: &Data) -> DataRef<'_> {
    match cell {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::Bool(value) => DataRef::Bool(*value),
        Data::DateTime(moment) => DataRef::DateTime(*moment),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => DataRef::SharedString(text),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}
