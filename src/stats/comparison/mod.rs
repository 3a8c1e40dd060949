//! Two samples or a table: is there a difference, how large is it, do two measurements agree?

mod calculation;
mod contingency;
mod equivalence;
mod exact_ranks;
mod fisher_exact;
mod kolmogorov_smirnov;
mod kruskal_wallis;
mod moments;
mod odds_ratio_exact;
mod pairwise_order;
mod rank_sum;
mod ranks;
mod risk;
mod shapiro_wilk;
mod signed_rank;
mod t_test;
mod variance_test;

pub use calculation::Calculation;
pub use contingency::{ChiSquaredTest, chi_squared_test, mcnemar};
pub use equivalence::{EquivalenceTest, equivalence_of_means, equivalence_of_paired_means, equivalence_of_proportions};
pub(in crate::stats) use exact_ranks::{concordance_distribution, two_sided};
pub use fisher_exact::fisher_exact;
pub use kolmogorov_smirnov::kolmogorov_smirnov;
pub use kruskal_wallis::kruskal_wallis;
pub(in crate::stats) use moments::Moments;
pub use odds_ratio_exact::{FisherExact, fisher_exact_two_by_two};
pub use rank_sum::{RankSum, rank_sum};
pub(in crate::stats) use ranks::Ranks;
pub use risk::{RatioEstimate, odds_ratio, risk_difference, risk_ratio};
pub use shapiro_wilk::shapiro_wilk;
pub use signed_rank::{SignedRank, signed_rank};
pub use t_test::{MeanDifference, OneSampleMean, SampleMean, one_sample_t_test, paired_t_test, student_t_test, welch_t_test};
pub use variance_test::{VarianceRatio, variance_test};
