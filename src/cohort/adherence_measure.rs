//! Doses of weeks → shares of what was prescribed, with bounds for what was not logged.

/// What was prescribed in a week, what was done of it, and what the log says nothing of, in one unit (sessions, exercises, minutes).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DoseWeek {
    /// Prescribed.
    pub prescribed: f64,
    /// Done.
    pub done: f64,
    /// Prescribed, and neither logged as done nor as missed.
    pub unlogged: f64,
}

/// Adherence in one unit, in every variant.
///
/// # Definition
/// Over the weeks with a prescription; a week in which nothing was prescribed is neither 100 % nor 0 %, but undefined.
/// ```text
/// weekly capped  = mean of min(done_w, prescribed_w) / prescribed_w
/// raw            = Σ done_w / Σ prescribed_w
/// adherent weeks = share of weeks with done_w ≥ adherent_week · prescribed_w
/// ```
/// Each is a lower bound: what was not logged counts as not done. The upper bounds count it as done. Exercise is not banked: in
/// the weekly variants a week's surplus does not carry over.
///
/// # References
/// Bailey and others (2020), Br J Sports Med 54:326, on the measures in use; `AdhereR` (Dima and Dediu 2017, `PLoS` ONE 12:e0174426) for
/// those of medication, of which carrying supply over has no meaning for exercise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdherenceMeasure {
    /// Weeks with a prescription.
    pub weeks: usize,
    /// Mean of the capped weekly shares.
    pub weekly_capped: f64,
    /// The same if all that was not logged had been done.
    pub weekly_capped_upper: f64,
    /// Done over prescribed, not capped.
    pub raw: f64,
    /// The same if all that was not logged had been done.
    pub raw_upper: f64,
    /// Share of weeks with at least `adherent_week` of their prescription.
    pub adherent_weeks: f64,
    /// The same if all that was not logged had been done.
    pub adherent_weeks_upper: f64,
    /// Share of weeks with more than their prescription.
    pub weeks_over: f64,
}

/// A hair of slack, so that 4 of 5 sessions is 80 % whatever the last bit says.
const SLACK: f64 = 1e-9;

impl AdherenceMeasure {
    /// The measure over these weeks; `None` if nothing was prescribed in any.
    #[must_use]
    pub fn of(weeks: impl Iterator<Item = DoseWeek>, adherent_week: f64) -> Option<Self> {
        let mut n = 0_usize;
        let (mut prescribed, mut done, mut unlogged) = (0.0, 0.0, 0.0);
        let (mut capped, mut capped_upper, mut enough, mut enough_upper, mut over) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for week in weeks.filter(|week| week.prescribed > 0.0) {
            let (share, upper) = (week.done / week.prescribed, (week.done + week.unlogged) / week.prescribed);
            n += 1;
            prescribed += week.prescribed;
            done += week.done;
            unlogged += week.unlogged;
            capped += share.min(1.0);
            capped_upper += upper.min(1.0);
            enough += f64::from(share >= adherent_week - SLACK);
            enough_upper += f64::from(upper >= adherent_week - SLACK);
            over += f64::from(share > 1.0 + SLACK);
        }
        let count = n as f64;
        (n > 0).then(|| Self {
            weeks: n,
            weekly_capped: capped / count,
            weekly_capped_upper: capped_upper / count,
            raw: done / prescribed,
            raw_upper: (done + unlogged) / prescribed,
            adherent_weeks: enough / count,
            adherent_weeks_upper: enough_upper / count,
            weeks_over: over / count,
        })
    }
}

/// How much of what was prescribed was done, in bands; more than 100 % is shown as such.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DoseBand {
    /// Nothing.
    Nothing,
    /// Something, below half.
    BelowHalf,
    /// From 50 % to below 80 %.
    Half,
    /// From 80 % to below 100 %.
    Most,
    /// All of it.
    All,
    /// More.
    More,
}

impl DoseBand {
    /// All bands from the least to the greatest.
    pub const ALL: [Self; 6] = [Self::Nothing, Self::BelowHalf, Self::Half, Self::Most, Self::All, Self::More];

    /// The band of a share done that is not capped.
    #[must_use]
    pub fn of(share: f64) -> Self {
        match share {
            share if share <= SLACK => Self::Nothing,
            share if share < 0.5 - SLACK => Self::BelowHalf,
            share if share < 0.8 - SLACK => Self::Half,
            share if share < 1.0 - SLACK => Self::Most,
            share if share <= 1.0 + SLACK => Self::All,
            _ => Self::More,
        }
    }

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "0 %",
            Self::BelowHalf => "below 50 %",
            Self::Half => "50–79 %",
            Self::Most => "80–99 %",
            Self::All => "100 %",
            Self::More => "above 100 %",
        }
    }
}
