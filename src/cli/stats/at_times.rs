//! Curves at times asked for: what happened since the time before.

/// What a count at a time asked for counts, for notes.
pub(super) const SINCE: &str = "counts at --times are of what happened since the time before";

/// Sum of `counts` (at the times `at`) after the last of `times` before `time` and up to it, as R's summary of a curve counts.
pub(super) fn since_time_before(at: &[f64], counts: &[f64], times: &[f64], time: f64) -> f64 {
    let before = times.iter().copied().filter(|&earlier| earlier < time).fold(f64::NEG_INFINITY, f64::max);
    at.iter().zip(counts).filter(|(at, _)| **at > before && **at <= time).map(|(_, count)| count).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_at_times_add_up_to_the_whole_and_do_not_depend_on_the_order_of_the_times() {
        let (at, counts) = ([1.0, 2.0, 4.0, 7.0], [1.0, 2.0, 3.0, 4.0]);
        // Up to 2: 1 + 2; after 2 up to 5: 3; after 5 up to 9: 4.
        let times = [9.0, 2.0, 5.0];
        let found = times.map(|time| since_time_before(&at, &counts, &times, time) as u32);
        assert_eq!(found, [4, 3, 3]);
    }
}
