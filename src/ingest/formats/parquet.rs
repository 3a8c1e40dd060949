//! Parquet: typed columns, each value as a native file would have it.

use std::fs::File;

use ::parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::{
    BoolType, ByteArrayType, DataType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type, Int64Type, Int96Type,
};
use ::parquet::errors::ParquetError;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::schema::types::ColumnDescriptor;

use super::Format;
use super::apart::apart;
use super::error::ContainerError;
use super::rows::{Rows, Said};
use super::sheet_cell::shortest;
use crate::domain::Day;
use crate::ingest::error::IngestError;
use crate::ingest::locate::{Located, unreadable};

/// Parquet as a format.
pub(super) const FORMAT: Format = Format {
    id: "parquet",
    name: "Parquet (.parquet)",
    looks_like: "a table with typed columns, as data frames are stored",
    read_as: "dates and timestamps as ISO text, numbers as their shortest decimal, nulls as missing; a place is the row, counted as if a \
              header stood above the first; columns of lists or records are left out",
};

/// Rows read at a time.
const AT_ONCE: usize = 8192;

/// How the values of a column are told.
#[derive(Clone, Copy)]
enum Told {
    Plain,
    Unsigned,
    Date,
    /// Units of a second.
    Clock(i64),
    Moment(i64),
    /// Digits after the point.
    Decimal(u32),
    Half,
    Bytes,
}

impl Told {
    fn of(column: &ColumnDescriptor) -> Self {
        let per_second = |unit: &TimeUnit| match unit {
            TimeUnit::MILLIS => 1_000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        };
        match (column.logical_type_ref(), column.converted_type()) {
            (Some(LogicalType::Date), _) | (None, ConvertedType::DATE) => Self::Date,
            (Some(LogicalType::Timestamp(moment)), _) => Self::Moment(per_second(&moment.unit)),
            (None, ConvertedType::TIMESTAMP_MILLIS) => Self::Moment(1_000),
            (None, ConvertedType::TIMESTAMP_MICROS) => Self::Moment(1_000_000),
            (Some(LogicalType::Time(clock)), _) => Self::Clock(per_second(&clock.unit)),
            (None, ConvertedType::TIME_MILLIS) => Self::Clock(1_000),
            (None, ConvertedType::TIME_MICROS) => Self::Clock(1_000_000),
            (Some(LogicalType::Decimal(_)), _) | (None, ConvertedType::DECIMAL) => {
                Self::Decimal(column.type_scale().clamp(0, 38).cast_unsigned())
            }
            (Some(LogicalType::Integer(integer)), _) if !integer.is_signed => Self::Unsigned,
            (None, ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64) => Self::Unsigned,
            (Some(LogicalType::Float16), _) => Self::Half,
            (Some(LogicalType::Uuid), _) => Self::Bytes,
            _ => Self::Plain,
        }
    }
}

/// Hands on the rows of a file.
pub(super) fn rows(located: &Located, table: &mut dyn Rows) -> Result<Said, IngestError> {
    let file = located.name.as_str();
    let source = File::open(&located.path).map_err(|error| unreadable(file, &error))?;
    let mut line = 0;
    let read = apart(|| read(source, table, &mut line))
        .unwrap_or_else(|| Err(ParquetError::General("its structure contradicts itself".to_owned())));
    read.map_err(|error| {
        let problem = match error {
            ParquetError::General(text) | ParquetError::EOF(text) | ParquetError::NYI(text) => text,
            other => other.to_string(),
        };
        ContainerError::Damaged { file: file.to_owned(), container: "a Parquet file", line, problem }.into()
    })
    .map(|left: Left| {
        let note = |names: &[String], says: &str| (!names.is_empty()).then(|| format!("{file}: {says}: {}.", names.join(", ")));
        let nested = note(&left.nested, "columns of lists or records are not read");
        let moments = note(&left.moments, "moments are stored without their time zone, and the day in UTC counts");
        Said { described: vec!["Parquet".to_owned()], notes: [nested, moments].into_iter().flatten().collect() }
    })
}

/// Columns there is something to say of.
#[derive(Default)]
struct Left {
    /// Lists and records, not read.
    nested: Vec<String>,
    /// Moments whose local day is not known.
    moments: Vec<String>,
}

fn read(source: File, table: &mut dyn Rows, line: &mut usize) -> Result<Left, ParquetError> {
    let reader = SerializedFileReader::new(source)?;
    let schema = reader.metadata().file_metadata().schema_descr();
    let flat = |column: &ColumnDescriptor| column.max_rep_level() == 0 && column.path().parts().len() == 1;
    let mut wanted: Vec<(usize, Told)> = Vec::new();
    let (mut names, mut left): (Vec<String>, Left) = (Vec::new(), Left::default());
    for (index, column) in schema.columns().iter().enumerate() {
        let name = column.path().parts().first().cloned().unwrap_or_default();
        // What pandas keeps of its index is no column of the table.
        if name.starts_with("__index_level_") {
            continue;
        }
        if flat(column) {
            wanted.push((index, Told::of(column)));
            if matches!(column.logical_type_ref(), Some(LogicalType::Timestamp(moment)) if moment.is_adjusted_to_u_t_c) {
                left.moments.push(name.clone());
            }
            names.push(name);
        } else if !left.nested.contains(&name) {
            left.nested.push(name);
        }
    }
    *line = 1;
    table.header(&names, 1);
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group)?;
        let mut rest = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
        let mut columns =
            wanted.iter().map(|&(index, told)| Ok((group.get_column_reader(index)?, told))).collect::<Result<Vec<_>, ParquetError>>()?;
        let mut texts: Vec<Vec<String>> = vec![Vec::new(); columns.len()];
        let mut row = vec![String::new(); columns.len()];
        while rest > 0 {
            let count = rest.min(AT_ONCE);
            for ((column, told), texts) in columns.iter_mut().zip(&mut texts) {
                column_texts(column, *told, count, texts)?;
                if texts.len() != count {
                    return Err(ParquetError::General("a column has fewer values than the table has rows".to_owned()));
                }
            }
            for at in 0..count {
                for (cell, texts) in row.iter_mut().zip(&mut texts) {
                    std::mem::swap(cell, &mut texts[at]);
                }
                *line += 1;
                table.row(&row, *line);
            }
            rest -= count;
        }
    }
    Ok(left)
}

fn column_texts(column: &mut ColumnReader, told: Told, count: usize, texts: &mut Vec<String>) -> Result<(), ParquetError> {
    match column {
        ColumnReader::BoolColumnReader(column) => values::<BoolType>(column, count, texts, ToString::to_string),
        ColumnReader::Int32ColumnReader(column) => values::<Int32Type>(column, count, texts, |value| match told {
            Told::Unsigned => value.cast_unsigned().to_string(),
            other => integer(i64::from(*value), other),
        }),
        ColumnReader::Int64ColumnReader(column) => values::<Int64Type>(column, count, texts, |value| integer(*value, told)),
        ColumnReader::Int96ColumnReader(column) => {
            values::<Int96Type>(column, count, texts, |value| integer(value.to_millis(), Told::Moment(1_000)))
        }
        ColumnReader::FloatColumnReader(column) => {
            values::<FloatType>(column, count, texts, |value| number(f64::from(*value), value.to_string()))
        }
        ColumnReader::DoubleColumnReader(column) => values::<DoubleType>(column, count, texts, |value| number(*value, shortest(*value))),
        ColumnReader::ByteArrayColumnReader(column) => values::<ByteArrayType>(column, count, texts, |value| bytes(value.data(), told)),
        ColumnReader::FixedLenByteArrayColumnReader(column) => {
            values::<FixedLenByteArrayType>(column, count, texts, |value| bytes(value.data(), told))
        }
    }
}

/// The next `count` values of a column as texts, nulls as empty ones.
fn values<T: DataType>(
    column: &mut ColumnReaderImpl<T>,
    count: usize,
    texts: &mut Vec<String>,
    text: impl Fn(&T::T) -> String,
) -> Result<(), ParquetError> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    column.read_records(count, Some(&mut levels), None, &mut values)?;
    texts.clear();
    if levels.is_empty() {
        texts.extend(values.iter().map(text));
        return Ok(());
    }
    let mut values = values.iter();
    texts.extend(levels.iter().map(|&level| if level == 0 { String::new() } else { values.next().map_or_else(String::new, &text) }));
    Ok(())
}

/// Neither "not a number" nor infinity is a value of a log.
fn number(value: f64, shown: String) -> String {
    if value.is_nan() { String::new() } else { shown }
}

fn integer(value: i64, told: Told) -> String {
    match told {
        Told::Unsigned => value.cast_unsigned().to_string(),
        Told::Date => day(value),
        Told::Clock(per_second) => clock(value, per_second),
        Told::Moment(per_second) => {
            let (days, rest) = (value.div_euclid(per_second * 86_400), value.rem_euclid(per_second * 86_400));
            if rest == 0 { day(days) } else { format!("{} {}", day(days), clock(rest, per_second)) }
        }
        Told::Decimal(scale) => decimal(i128::from(value), scale),
        Told::Plain | Told::Half | Told::Bytes => value.to_string(),
    }
}

/// A day since 1970; outside the calendar the number stands as it is.
fn day(days: i64) -> String {
    match i32::try_from(days) {
        Ok(days) if (-719_528..2_932_897).contains(&days) => Day(days).to_string(),
        _ => days.to_string(),
    }
}

fn clock(value: i64, per_second: i64) -> String {
    let (seconds, fraction) = (value.div_euclid(per_second), value.rem_euclid(per_second));
    let shown = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction == 0 {
        return shown;
    }
    let digits = per_second.ilog10() as usize;
    format!("{shown}.{}", format!("{fraction:0digits$}").trim_end_matches('0'))
}

fn decimal(value: i128, scale: u32) -> String {
    let scale = scale as usize;
    let digits = format!("{:0width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let fraction = fraction.trim_end_matches('0');
    let sign = if value < 0 { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

fn bytes(value: &[u8], told: Told) -> String {
    match (told, value) {
        (Told::Decimal(scale), _) if value.len() <= 16 => {
            let negative = value.first().is_some_and(|byte| byte & 0x80 != 0);
            let start = if negative { -1_i128 } else { 0 };
            decimal(value.iter().fold(start, |number, &byte| (number << 8) | i128::from(byte)), scale)
        }
        (Told::Half, &[low, high]) => {
            let value = half(u16::from_le_bytes([low, high]));
            number(value, shortest(value))
        }
        (Told::Bytes, _) => value.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}")),
        _ => String::from_utf8_lossy(value).trim().to_owned(),
    }
}

/// The number a float of 16 bits stands for.
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1F), f64::from(bits & 0x3FF) / 1024.0);
    let value = match exponent {
        0 => fraction * 2_f64.powi(-14),
        0x1F => f64::NAN,
        _ => (1.0 + fraction) * 2_f64.powi(exponent - 15),
    };
    if bits & 0x8000 == 0 { value } else { -value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_values_are_told_as_a_native_file_has_them() {
        assert_eq!(integer(19_753, Told::Date), "2024-01-31");
        assert_eq!(integer(-1, Told::Date), "1969-12-31");
        assert_eq!(integer(1_706_659_200_000, Told::Moment(1_000)), "2024-01-31");
        assert_eq!(integer(1_706_692_200_250_000, Told::Moment(1_000_000)), "2024-01-31 09:10:00.25");
        assert_eq!(integer(i64::MAX, Told::Moment(1_000)), "106751991167 07:12:55.807");
        assert_eq!((integer(650, Told::Decimal(2)), integer(-5, Told::Decimal(3))), ("6.5".to_owned(), "-0.005".to_owned()));
        assert_eq!(bytes(&[0xFF, 0x38], Told::Decimal(1)), "-20");
        assert_eq!(bytes(&[0x00, 0x45], Told::Half), "5");
        assert_eq!((number(f64::NAN, String::new()), number(6.5, shortest(6.5))), (String::new(), "6.5".to_owned()));
    }
}
