//! Whether an estimate lies within margins.

use super::Contrast;
use crate::stats::{normal_lower_p, normal_upper_p, t_lower_p, t_upper_p};

impl Contrast {
    /// p of what the estimate speaks for: inside the margins that the effect lies inside them, outside that it lies outside.
    ///
    /// # Definition
    /// Inside: the larger of the two one-sided p against the margins. Outside: the one-sided p against the nearer margin, doubled
    /// for the two sides. By t with the degrees of freedom of the interval, else by the normal distribution; of a ratio
    /// (`is_ratio`) on the scale of logarithms. Without an error it is the p of no effect.
    ///
    /// # References
    /// Schuirmann (1987), *J Pharmacokinet Biopharm* 15:657–680.
    #[must_use]
    pub fn p_of_equivalence(&self, (low, high): (f64, f64), is_ratio: bool) -> f64 {
        if self.std_error <= 0.0 {
            return self.p_value;
        }
        let on_line = |value: f64| if is_ratio { value.ln() } else { value };
        let at = |margin: f64| (on_line(self.estimate) - on_line(margin)) / self.std_error;
        let upper_p = |statistic: f64| self.df.map_or_else(|| normal_upper_p(statistic), |df| t_upper_p(statistic, df));
        let lower_p = |statistic: f64| self.df.map_or_else(|| normal_lower_p(statistic), |df| t_lower_p(statistic, df));
        if (low..=high).contains(&self.estimate) {
            upper_p(at(low)).max(lower_p(at(high)))
        } else {
            (2.0 * upper_p(at(high)).min(lower_p(at(low)))).min(1.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::Contrast;
    use crate::stats::Interval;

    fn contrast(estimate: f64, df: Option<f64>) -> Contrast {
        Contrast {
            estimate,
            interval: Interval { lower: estimate, upper: estimate, level: 0.95 },
            p_value: 0.5,
            std_error: 0.5,
            df,
            n: 12,
            patients: 12,
            n_events: None,
            adjusted_for: vec![],
            dropped: vec![],
            missing_covariate: 0,
        }
    }

    /// The statistics against −1 and 1 are 2.4 and −1.6. With 10 degrees of freedom t above 1.6 has p 0.0703, the normal 0.0548.
    #[test]
    fn within_the_margins_the_larger_of_two_one_sided_p_counts_by_the_distribution_of_the_interval() {
        let p = |df| contrast(0.2, df).p_of_equivalence((-1.0, 1.0), false);
        assert!((p(Some(10.0)) - 0.070_341).abs() < 1e-5, "{}", p(Some(10.0)));
        assert!((p(None) - 0.054_799).abs() < 1e-5, "{}", p(None));
    }

    /// 2 lies 2 standard errors above 1: one-sided 0.02275, doubled 0.0455. A ratio of e lies as far above one of √e.
    #[test]
    fn beyond_a_margin_the_p_is_that_of_lying_beyond_it() {
        assert!((contrast(2.0, None).p_of_equivalence((-1.0, 1.0), false) - 0.045_500).abs() < 1e-5);
        let margin = 0.5_f64.exp();
        let found = contrast(1.0_f64.exp(), None).p_of_equivalence((1.0 / margin, margin), true);
        assert!((found - 2.0 * 0.158_655).abs() < 1e-5, "{found}");
    }
}
