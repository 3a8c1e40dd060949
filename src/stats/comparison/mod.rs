//! Two samples or a table: is there a difference, how large is it, are two things as good as equal?

mod contingency;
mod equivalence;
mod fisher_exact;
mod kolmogorov_smirnov;
mod kruskal_wallis;
mod rank_sum;
mod ranks;
mod shapiro_wilk;
mod signed_rank;
mod t_test;
mod variance_ratio;

pub(in crate::stats) use ranks::mid_ranks;

pub use contingency::{ChiSquareTest, chi_square_test, mcnemar};
pub use equivalence::{Equivalence, equivalence_of_means, equivalence_of_paired_means, equivalence_of_proportions};
pub use fisher_exact::{FisherExact, fisher_exact};
pub use kolmogorov_smirnov::kolmogorov_smirnov;
pub use kruskal_wallis::kruskal_wallis;
pub use rank_sum::{MannWhitney, RankTestOptions, mann_whitney};
pub use shapiro_wilk::shapiro_wilk;
pub use signed_rank::{SignedRank, signed_rank};
pub use t_test::{TTest, one_sample_t_test, paired_t_test, student_t_test, welch_t_test};
pub use variance_ratio::variance_ratio_test;
