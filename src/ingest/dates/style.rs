//! How the dates of one column are written, as far as it is declared or settled.

use chrono_tz::{TZ_VARIANTS, Tz};

use crate::domain::nearest;
use crate::ingest::error::IngestError;
use crate::settings::{DateOrder, DateOrders, DateSerial, FileSettings, Language, LogKind};

/// How the dates of one column are written, as far as it is declared or settled.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::ingest) struct DateStyle {
    pub order: Option<DateOrder>,
    /// First of the hundred years that two digits can mean.
    pub two_digit_years: Option<i32>,
    pub language: Option<Language>,
    /// Where the day of a date-time in UTC is looked up.
    pub zone: Option<Tz>,
    pub serial: Option<DateSerial>,
}

impl DateStyle {
    /// The style a file declares for all its dates.
    pub fn of(settings: &FileSettings, file: &str, kind: LogKind) -> Result<Self, IngestError> {
        let zone = settings.time_zone.as_deref().map(|name| zone(name, file, kind)).transpose()?;
        let order = match settings.date_order {
            Some(DateOrders::All(order)) => Some(order),
            Some(DateOrders::ByColumn(_)) | None => None,
        };
        let FileSettings { two_digit_years, language, date_serial: serial, .. } = *settings;
        Ok(Self { order, two_digit_years, language, zone, serial })
    }

    /// This style with the order declared for the column, under its native name or its own.
    pub fn for_column(self, settings: &FileSettings, native: &str, theirs: &str) -> Self {
        match &settings.date_order {
            Some(DateOrders::ByColumn(orders)) => {
                let order = orders.get(native).or_else(|| orders.get(theirs)).copied();
                Self { order: order.or(self.order), ..self }
            }
            _ => self,
        }
    }
}

fn zone(name: &str, file: &str, kind: LogKind) -> Result<Tz, IngestError> {
    let known = || TZ_VARIANTS.iter().map(|zone| zone.name());
    let name = name.trim();
    let exact = name.parse::<Tz>().ok();
    exact.or_else(|| TZ_VARIANTS.iter().find(|zone| zone.name().eq_ignore_ascii_case(name)).copied()).ok_or_else(|| IngestError::Setting {
        file: file.to_owned(),
        setting: format!("files.{}.time_zone", kind.as_str()),
        problem: format!("is \"{name}\", which is no zone of the IANA list"),
        fix: nearest(name, known()).map_or_else(
            || "Name a place of the zone, such as \"Europe/Berlin\" or \"America/New_York\".".to_owned(),
            |near| format!("Did you mean \"{near}\"?"),
        ),
    })
}
