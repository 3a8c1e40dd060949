//! Header and settings → which cell means what.

use rustc_hash::{FxHashMap, FxHashSet};

use super::columns::{ColumnSpec, Field, HeaderIndex, columns_of, normalized};
use super::dates::DateStyle;
use super::emission::Emission;
use super::error::IngestError;
use super::layout::Layout;
use super::missing::MissingCodes;
use super::number::DecimalMark;
use super::record::Marks;
use super::words::WordsByColumn;
use crate::domain::{Day, nearest};
use crate::settings::{DateOrders, FileSettings, LogKind};

/// Where a date stands in a row.
#[derive(Clone, Debug)]
pub(super) enum DateSource {
    Column(usize),
    Parts { year: usize, month: usize, day: usize },
}

/// One date of a log and how its column is written.
#[derive(Clone, Debug)]
pub(super) struct DateColumn {
    pub source: DateSource,
    pub style: DateStyle,
    /// Name for messages.
    pub name: String,
    field: Field,
    /// A day after this one is a mistake.
    pub last: Option<LastDay>,
}

/// The day after which nothing can have been logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LastDay {
    pub day: Day,
    /// Whether the study declares it as the day of export; else it is today.
    pub declared: bool,
}

/// Where the patient of a row stands.
#[derive(Clone, Debug)]
pub(super) enum PatientSource {
    Column(usize),
    Constant(String),
}

/// Rows to keep.
#[derive(Clone, Debug)]
pub(super) struct RowFilter {
    pub column: usize,
    pub values: Vec<String>,
}

/// Everything needed to read the rows of one file.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub file: String,
    pub kind: LogKind,
    pub header: Vec<String>,
    pub marks: Marks,
    pub decimal: DecimalMark,
    pub patient: PatientSource,
    /// The day logged first; `programs.csv` has further dates.
    pub dates: Vec<DateColumn>,
    pub fields: Vec<(Field, usize)>,
    pub filter: Option<RowFilter>,
    pub fill_down: Vec<usize>,
    pub missing: MissingCodes,
    pub words: WordsByColumn,
    /// A row with fewer cells than this lacks something that is needed.
    pub cells_needed: usize,
    /// Whether a cell can be read by its bytes: the study has no words of its own for "missing".
    pub plain: bool,
    /// Columns that mean nothing to this version, in the order of the file.
    pub unknown: Vec<usize>,
    /// Whether bytes that could not be decoded were replaced.
    pub lossy: bool,
    /// For each column its native name where it has one, else its name in the file.
    pub native: Vec<String>,
    /// Columns of the native file that are not analyzed.
    pub unused: Vec<(&'static str, usize)>,
    /// How accepted rows are written as native ones, if they are.
    pub emission: Option<Emission>,
    /// The column of the patient's id in a file whose name says whose it is.
    pub also_names_patient: Option<usize>,
}

/// Dates of a log in slot order: the day logged, then further ones.
const DATE_FIELDS: [Field; 3] = [Field::Date, Field::PlannedEnd, Field::CompletedOn];

struct Resolver<'a> {
    file: &'a str,
    kind: LogKind,
    layout: &'a Layout,
    settings: &'a FileSettings,
    index: HeaderIndex<'a>,
    /// Names in the file that the settings map.
    mapped: FxHashSet<&'a str>,
    /// The same in lower case, and the native names they are mapped to.
    native_of: FxHashMap<String, &'a str>,
}

impl Plan {
    pub fn new(file: &str, kind: LogKind, layout: &Layout, settings: &FileSettings) -> Result<Self, IngestError> {
        let resolver = Resolver::new(file, kind, layout, settings);
        resolver.check_mapping()?;
        let mut fields = Vec::new();
        let mut needed = Vec::new();
        let mut known: Vec<usize> = Vec::new();
        let mut also_names_patient = None;
        let mut unused = Vec::new();
        let wide_measures = resolver.has_measures_by_column()?;
        for spec in columns_of(kind) {
            let given = match spec.field {
                Field::PatientId => settings.patient_id.is_some(),
                Field::Date => settings.date_parts.is_some(),
                Field::Measure | Field::Value => wide_measures,
                _ => false,
            };
            if given && spec.field == Field::PatientId && settings.patient_from_path.is_some() {
                also_names_patient = resolver.find(spec)?;
                known.extend(also_names_patient);
            }
            let Some(column) = (if given { None } else { resolver.find(spec)? }) else {
                if spec.required && !given {
                    return Err(resolver.missing(spec));
                }
                continue;
            };
            known.push(column);
            match spec.field {
                Field::Unused => unused.push((spec.name, column)),
                Field::Covariate => fields.push((Field::Covariate, column)),
                field => fields.push((field, column)),
            }
            // A session of which nothing is said was done: a line cut off before its status must not say so.
            if spec.required || matches!(spec.field, Field::Status | Field::FractionDone) {
                needed.push(column);
            }
        }
        let at = |field: Field| fields.iter().find(|(known, _)| *known == field).map(|&(_, column)| column);
        let patient = match (&settings.patient_id, at(Field::PatientId)) {
            (Some(id), _) => PatientSource::Constant(id.trim().to_owned()),
            (None, Some(column)) => PatientSource::Column(column),
            (None, None) => return Err(resolver.missing(&columns_of(kind)[0])),
        };
        resolver.check_date_orders()?;
        let (mut dates, declared) = (Vec::new(), DateStyle::of(settings, file, kind)?);
        for field in DATE_FIELDS {
            match (&settings.date_parts, at(field)) {
                (Some(parts), _) if field == Field::Date && kind != LogKind::Patients => {
                    let find = |name: &str, part: &str| resolver.named(name, &format!("date_parts.{part}"));
                    let (year, month, day) = (find(&parts.year, "year")?, find(&parts.month, "month")?, find(&parts.day, "day")?);
                    needed.extend([year, month, day]);
                    known.extend([year, month, day]);
                    let name = format!("{}, {}, {}", parts.year, parts.month, parts.day);
                    dates.push(DateColumn { source: DateSource::Parts { year, month, day }, style: declared, name, field, last: None });
                }
                (_, Some(column)) => {
                    let name = layout.header[column].clone();
                    let native = columns_of(kind).iter().find(|spec| spec.field == field).map_or("", |spec| spec.name);
                    let style = declared.for_column(settings, native, &name);
                    dates.push(DateColumn { source: DateSource::Column(column), style, name, field, last: None });
                }
                _ => {}
            }
        }
        let filter = match &settings.filter {
            Some(filter) => {
                let column = resolver.named(&filter.column, "filter.column")?;
                needed.push(column);
                known.push(column);
                Some(RowFilter { column, values: filter.equals.iter().map(|value| value.trim().to_lowercase()).collect() })
            }
            None => None,
        };
        let fill_down = settings.fill_down.iter().map(|name| resolver.named(name, "fill_down")).collect::<Result<Vec<_>, _>>()?;
        known.extend(&fill_down);
        let decimal =
            DecimalMark::of(settings.decimal, settings.thousands, layout.marks.delimiter).ok_or_else(|| IngestError::Setting {
                file: file.to_owned(),
                setting: format!("files.{}.decimal", kind.as_str()),
                problem: format!("is \"{}\"", settings.decimal.unwrap_or(' ')),
                fix: "Use decimal = \".\" or decimal = \",\".".to_owned(),
            })?;
        let words = WordsByColumn::new(settings, file, kind, &fields)?;
        let known: FxHashSet<usize> = known.into_iter().collect();
        let mut unknown: Vec<usize> =
            (0..layout.header.len()).filter(|column| !known.contains(column) && !layout.header[*column].is_empty()).collect();
        if kind == LogKind::Patients {
            fields.extend(unknown.drain(..).map(|column| (Field::Covariate, column)));
            fields.sort_by_key(|&(_, column)| column);
        }
        if wide_measures {
            fields.extend(unknown.drain(..).map(|column| (Field::MeasureColumn, column)));
        }
        let mut native: Vec<String> = Vec::with_capacity(layout.header.len());
        let mut natives: FxHashSet<String> = FxHashSet::default();
        for column in 0..layout.header.len() {
            let name = resolver.native_name(column);
            // A second column of that meaning keeps its own name.
            let first = natives.insert(name.clone());
            native.push(if first { name } else { layout.header[column].clone() });
        }
        Ok(Self {
            file: file.to_owned(),
            kind,
            header: layout.header.clone(),
            marks: layout.marks,
            decimal,
            patient,
            dates,
            fields,
            filter,
            fill_down,
            plain: settings.missing.is_empty(),
            missing: MissingCodes::new(&settings.missing, decimal),
            words,
            cells_needed: needed.iter().max().map_or(0, |&column| column + 1),
            unknown,
            lossy: false,
            native,
            unused,
            emission: None,
            also_names_patient,
        })
    }

    /// Every column a row cannot do without where it holds something.
    pub fn columns_in_use(&self) -> impl Iterator<Item = usize> {
        let parts = self.dates.iter().flat_map(|date| match date.source {
            DateSource::Parts { year, month, day } => vec![year, month, day],
            DateSource::Column(column) => vec![column],
        });
        // What is lost of a detail is not worth a row.
        let fields = self.fields.iter().filter(|(field, _)| !field.is_detail()).map(|&(_, column)| column);
        let mut all: Vec<usize> = fields.chain(parts).chain(self.filter.iter().map(|filter| filter.column)).collect();
        all.sort_unstable();
        all.dedup();
        all.into_iter()
    }

    /// The column that holds a field.
    pub fn column(&self, field: Field) -> Option<usize> {
        self.fields.iter().find(|(known, _)| *known == field).map(|&(_, column)| column)
    }

    /// The slot of a further date among `dates`.
    pub fn date_slot(&self, field: Field) -> Option<usize> {
        let column = self.column(field)?;
        self.dates.iter().position(|date| matches!(date.source, DateSource::Column(at) if at == column))
    }

    /// Makes a mistake of days after the export. Programs may be planned beyond it, and a cut-off before it has its own rule.
    pub fn end_dates(&mut self, exported: Option<LastDay>, cut_off: Option<Day>) {
        for date in &mut self.dates {
            let cut = date.field == Field::Date && exported.is_some_and(|last| cut_off.is_some_and(|cut_off| cut_off <= last.day));
            date.last = exported.filter(|_| !cut && date.field != Field::PlannedEnd);
        }
    }

    /// The native name of the field a column holds.
    pub fn native_field(&self, column: usize) -> &'static str {
        let field = self.fields.iter().find(|(_, at)| *at == column).map(|&(field, _)| field);
        columns_of(self.kind).iter().find(|spec| Some(spec.field) == field).map_or("", |spec| spec.name)
    }
}

impl<'a> Resolver<'a> {
    fn new(file: &'a str, kind: LogKind, layout: &'a Layout, settings: &'a FileSettings) -> Self {
        let mut native_of = FxHashMap::default();
        for (native, theirs) in &settings.columns {
            native_of.entry(theirs.trim().to_ascii_lowercase()).or_insert(native.as_str());
        }
        let mapped = settings.columns.values().map(String::as_str).collect();
        Self { file, kind, layout, settings, index: HeaderIndex::of(&layout.header), mapped, native_of }
    }

    /// The native name of a column where it has one, else its name in the file.
    fn native_name(&self, column: usize) -> String {
        let name = &self.layout.header[column];
        if let Some(native) = self.native_of.get(&name.to_ascii_lowercase()) {
            return (*native).to_owned();
        }
        let spelled = &self.index.names[column];
        let spec = columns_of(self.kind).iter().find(|spec| spec.name == spelled.plain || spec.is_called_by(spelled));
        spec.map_or_else(|| name.clone(), |spec| spec.name.to_owned())
    }

    /// Whether each measure has a column of its own, named after it: there is neither a column of measures nor one of values.
    fn has_measures_by_column(&self) -> Result<bool, IngestError> {
        let mut found = false;
        for spec in columns_of(self.kind).iter().filter(|spec| matches!(spec.field, Field::Measure | Field::Value)) {
            found |= self.find(spec)?.is_some();
        }
        Ok(self.kind == LogKind::Measures && !found)
    }

    /// Mapping keys must be native names (any name for the covariates of `patients.csv`).
    fn check_mapping(&self) -> Result<(), IngestError> {
        let specs = columns_of(self.kind);
        for (native, theirs) in &self.settings.columns {
            if specs.iter().any(|spec| spec.name == native) {
                continue;
            }
            if self.kind == LogKind::Patients {
                self.named(theirs, &format!("columns.{native}"))?;
                continue;
            }
            let near = nearest(native, specs.iter().map(|spec| spec.name));
            let names: Vec<&str> = specs.iter().map(|spec| spec.name).collect();
            return Err(IngestError::Setting {
                file: self.file.to_owned(),
                setting: format!("files.{}.columns", self.kind.as_str()),
                problem: format!("maps \"{native}\", which is no column of {}.csv", self.kind.as_str()),
                fix: near.map_or_else(|| format!("Its columns are {}.", names.join(", ")), |near| format!("Did you mean \"{near}\"?")),
            });
        }
        Ok(())
    }

    /// Columns of `date_order` must be date columns, by native name or by their name in the file.
    fn check_date_orders(&self) -> Result<(), IngestError> {
        let Some(DateOrders::ByColumn(orders)) = &self.settings.date_order else { return Ok(()) };
        let native = || columns_of(self.kind).iter().filter(|spec| DATE_FIELDS.contains(&spec.field)).map(|spec| spec.name);
        for name in orders.keys() {
            if !native().any(|known| known == name) {
                self.named(name, &format!("date_order.{name}"))?;
            }
        }
        Ok(())
    }

    /// The column a spec means: mapped, else native, else the one accepted spelling that is there.
    fn find(&self, spec: &ColumnSpec) -> Result<Option<usize>, IngestError> {
        if let Some(name) = self.settings.columns.get(spec.name) {
            return self.named(name, &format!("columns.{}", spec.name)).map(Some);
        }
        let header = &self.layout.header;
        let names = &self.index.names;
        let free = || (0..header.len()).filter(|&column| !self.mapped.contains(header[column].as_str()));
        if let Some(column) = free().find(|&column| names[column].plain == spec.name || header[column].eq_ignore_ascii_case(spec.name)) {
            return Ok(Some(column));
        }
        let mut fits = free().filter(|&column| {
            // A "day" beside "year" and "month" is a part of a date, not a date.
            let part = spec.field == Field::Date && names[column].plain == "day" && self.has_date_parts();
            !part && spec.is_called_by(&names[column])
        });
        match (fits.next(), fits.next()) {
            // No study fails for a column it may not have meant: both are listed as not used.
            (Some(_), Some(_)) if spec.field.is_detail() => Ok(None),
            (Some(mut first), Some(mut second)) => {
                // An id without a word beside it is as often that of the row: the other one is named first.
                if names[first].plain.trim_matches('_') == "id" {
                    (first, second) = (second, first);
                }
                Err(IngestError::AmbiguousColumn {
                    file: self.file.to_owned(),
                    line: self.layout.header_line,
                    kind: self.kind,
                    native: spec.name,
                    first: header[first].clone(),
                    second: header[second].clone(),
                })
            }
            (first, _) => Ok(first),
        }
    }

    fn has_date_parts(&self) -> bool {
        ["year", "month", "day"].iter().all(|part| self.index.names.iter().any(|name| name.plain == *part))
    }

    /// The column a setting names, as it stands in the file or in other case.
    fn named(&self, name: &str, setting: &str) -> Result<usize, IngestError> {
        let header = &self.layout.header;
        self.index.column(name).ok_or_else(|| {
            let near = nearest(name, header.iter().map(String::as_str)).map(str::to_owned);
            let fix = match &near {
                Some(near) => format!("Correct {setting} under [files.{}] in study.toml, perhaps to \"{near}\".", self.kind.as_str()),
                None => format!("Correct {setting} under [files.{}] in study.toml.", self.kind.as_str()),
            };
            self.no_column(format!("column \"{name}\", which study.toml names as {setting}"), near, fix)
        })
    }

    fn missing(&self, spec: &ColumnSpec) -> IngestError {
        let kind = self.kind.as_str();
        let header = &self.layout.header;
        let named = || header.iter().map(String::as_str).filter(|name| !name.is_empty());
        if let Some(fix) = no_table(header) {
            return self.no_column(format!("column for {}", spec.name), None, fix.to_owned());
        }
        let near = spec.meant(named()).map(str::to_owned);
        let fix = if spec.field == Field::Date && self.has_date_parts() {
            let find = |part: &str| named().find(|name| normalized(name) == part).unwrap_or_default();
            format!(
                "Add to study.toml: [files.{kind}] date_parts = {{ year = \"{}\", month = \"{}\", day = \"{}\" }}",
                find("year"),
                find("month"),
                find("day")
            )
        } else if let Some(path) = self.settings.path.as_deref().filter(|path| spec.field == Field::PatientId && path.contains('*')) {
            format!(
                "If the files are named after their patients, write patient_from_path = \"{path}\" in place of path under [files.{kind}] in study.toml."
            )
        } else {
            let theirs = near.as_deref().unwrap_or("its name in the file");
            format!("Add to study.toml: [files.{kind}] columns = {{ {} = \"{theirs}\" }}", spec.name)
        };
        self.no_column(format!("column for {}", spec.name), near, fix)
    }

    fn no_column(&self, wanted: String, nearest: Option<String>, fix: String) -> IngestError {
        IngestError::MissingColumn {
            file: self.file.to_owned(),
            line: self.layout.header_line,
            wanted: wanted.into(),
            found: self.layout.header.clone().into_boxed_slice(),
            nearest,
            fix,
        }
    }
}

/// What to do about a first line that is no header at all.
fn no_table(header: &[String]) -> Option<&'static str> {
    let mut named = header.iter().filter(|name| !name.is_empty());
    let (first, further) = (named.next()?, named.next());
    if first.starts_with(['{', '[']) {
        return Some("This looks like JSON, not like a table: export it as CSV.");
    }
    let whole = further.is_none() && first.contains([',', ';', '\t', '|', ' ']);
    whole.then_some(
        "Each line is one cell: export the file with commas or semicolons between the cells, and no quotation marks around whole lines.",
    )
}
