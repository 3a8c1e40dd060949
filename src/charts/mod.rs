//! Figures: structs of labels and numbers that draw themselves as SVG, and PNG from it. They compute no statistics.
//!
//! One more figure is one more file here and one more line in [`CHARTS`].

mod adherence_by_week;
mod at_risk_strip;
mod axes;
mod balance;
mod bars;
mod canvas;
mod chart;
mod dose_curve;
mod effects;
mod error;
mod frame;
mod labels;
mod legend;
mod lettering;
mod overlap;
mod pain_by_week;
mod patient_timeline;
mod phase_ribbon;
mod profiles;
mod program_spans;
mod render;
mod scale;
mod session_strip;
mod specification_curve;
mod stacked_incidence;
mod steps;
mod survival_curves;
mod theme;
mod ticks;
mod time_lines;
mod timeline_marks;
mod week_axis;

pub use adherence_by_week::{AdherenceByWeek, AdherenceWeekBar};
pub use balance::{Balance, BalanceDifference};
pub use bars::{Bar, Bars};
pub use canvas::Canvas;
pub use chart::{Chart, NumbersTable};
pub use dose_curve::{DoseBar, DoseCurve, DoseRatio};
pub use effects::{EffectKind, EffectRow, Effects, ReferenceBand};
pub use error::ChartError;
pub use overlap::{Overlap, OverlapBars};
pub use pain_by_week::{PainByWeek, PainWeek};
pub use patient_timeline::PatientTimeline;
pub use phase_ribbon::PhaseSpan;
pub use profiles::{ProfilePanel, ProfilePoint, Profiles};
pub use program_spans::ProgramSpan;
pub use render::{FontUse, PNG_SCALE, font_face_css, render_png, render_svg};
pub use specification_curve::{Specification, SpecificationChoice, SpecificationCurve};
pub use stacked_incidence::{IncidenceLayer, StackedIncidence};
pub use survival_curves::{CurveGroup, SurvivalCurves};
pub use theme::{FONT_FAMILY, THEME, Theme};
pub use time_lines::{TimeLine, TimeLines, TimePoint};
pub use timeline_marks::{MarkKind, TimelineMark};

/// A figure staywell can draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChartKind {
    /// Its name, on the command line and in file names.
    pub id: &'static str,
    /// What it shows, in a line.
    pub description: &'static str,
}

/// All figures, a line for each figure file.
pub const CHARTS: &[ChartKind] = &[
    ChartKind { id: survival_curves::ID, description: "recurrence-free curves by group, with interval, censor marks and numbers at risk" },
    ChartKind { id: patient_timeline::ID, description: "one patient's pain over weeks, with phases, sessions and the days that matter" },
    ChartKind { id: adherence_by_week::ID, description: "prescribed sessions done, missed and not logged, by program week" },
    ChartKind { id: pain_by_week::ID, description: "mean pain by program week, with interval and interquartile range" },
    ChartKind { id: bars::ID, description: "how many fall into each class, as bars, with parts where a class has some" },
    ChartKind { id: effects::ID, description: "hazard ratios with their intervals, biased comparisons grayed" },
    ChartKind { id: balance::ID, description: "how much the groups differ in each covariate, before and after weighting" },
    ChartKind { id: overlap::ID, description: "probability of keeping the exercise up in those who did and those who did not" },
    ChartKind { id: profiles::ID, description: "means over days or weeks by group, with their intervals, in panels one above the other" },
    ChartKind { id: dose_curve::ID, description: "a ratio over a dose with its interval, and how much was seen at each dose" },
    ChartKind { id: specification_curve::ID, description: "hazard ratios under many definitions, sorted, with the choices marked below" },
    ChartKind { id: stacked_incidence::ID, description: "how following patients ends, by day: shares stacked to 100 %" },
    ChartKind { id: time_lines::ID, description: "mean counts or shares by day, with bands, solid or dashed" },
];
