//! Tail areas and quantiles. Upper tails are computed as such, never as 1 − cdf.
//!
//! Quantiles of the normal distribution are statrs'. Its tails and the incomplete gamma and beta functions are here: statrs' lose digits
//! (normal tails from the tenth, the others in far tails and with many degrees of freedom).

mod beta;
mod gamma;
mod log_gamma;
mod noncentral_t;
mod normal;
mod solve;
mod studentized_range;

pub use beta::{
    beta_lower_p, beta_quantile, beta_upper_p, binomial_lower_p, binomial_probability, binomial_upper_p, f_lower_p, f_quantile, f_upper_p,
    t_lower_p, t_quantile, t_two_sided_p, t_upper_p,
};
pub use gamma::{
    chi_squared_lower_p, chi_squared_quantile, chi_squared_upper_p, gamma_lower_p, gamma_quantile, gamma_upper_p, poisson_exact_interval,
};
pub use log_gamma::log_gamma;
pub use noncentral_t::{noncentral_t_lower_p, noncentral_t_quantile, noncentral_t_upper_p};
pub use normal::{normal_log_upper_p, normal_lower_p, normal_quantile, normal_two_sided_p, normal_upper_p};
pub use studentized_range::{studentized_range_upper_p, studentized_range_upper_quantile};
