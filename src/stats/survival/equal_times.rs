//! Times that are the same but for the rounding of their last digits.

use rayon::slice::ParallelSliceMut;

/// R's tolerance for equal times: the square root of the machine epsilon.
const NEARLY_EQUAL: f64 = 1.490_116_119_384_765_6e-8;

/// Where times are nearly equal: each distinct time, rising, and the one it stands for.
pub(crate) struct EqualTimes {
    distinct: Vec<f64>,
    stands_for: Vec<f64>,
}

impl EqualTimes {
    /// Times that differ by less than rounding can tell apart, as R's `aeqSurv`: 0.3 − 0.1 and 0.2 are one time, that of the first of
    /// a chain. `None` where all are further apart. Takes finite times in rising order.
    pub(crate) fn among(mut rising: Vec<f64>) -> Option<Self> {
        rising.dedup();
        let scale = rising.iter().map(|time| time.abs()).sum::<f64>() / rising.len() as f64;
        let near = |a: f64, b: f64| b - a <= NEARLY_EQUAL || b - a <= NEARLY_EQUAL * scale;
        if !rising.windows(2).any(|pair| near(pair[0], pair[1])) {
            return None;
        }
        let mut stands_for = rising.clone();
        for place in 1..rising.len() {
            if near(rising[place - 1], rising[place]) {
                stands_for[place] = stands_for[place - 1];
            }
        }
        Some(Self { distinct: rising, stands_for })
    }

    /// Gives times their common values; infinities stay.
    pub(crate) fn settle(&self, times: &mut [f64]) {
        for time in times.iter_mut().filter(|time| time.is_finite()) {
            *time = self.stands_for[self.distinct.partition_point(|distinct| distinct < time)];
        }
    }

    /// The same for times whose rows are known in rising order, in one walk.
    pub(crate) fn settle_in_order(&self, times: &mut [f64], order: &[u32]) {
        let mut place = 0;
        for &row in order {
            let time = &mut times[row as usize];
            while self.distinct[place] < *time {
                place += 1;
            }
            if self.stands_for[place] < *time {
                *time = self.stands_for[place];
            }
        }
    }
}

/// Whether no time has decimals, so that different ones are far enough apart.
pub(crate) fn are_whole(times: &[f64]) -> bool {
    times.iter().all(|time| time.fract() == 0.0 || time.is_infinite())
}

/// Makes nearly equal times of one sample equal, over all its columns (entry and end, left and right).
pub(crate) fn merge_nearly_equal(columns: &mut [&mut [f64]]) {
    if columns.iter().all(|times| are_whole(times)) {
        return;
    }
    let mut all: Vec<f64> = columns.iter().flat_map(|times| times.iter().copied()).filter(|time| time.is_finite()).collect();
    all.par_sort_unstable_by(f64::total_cmp);
    if let Some(equal) = EqualTimes::among(all) {
        columns.iter_mut().for_each(|times| equal.settle(times));
    }
}
