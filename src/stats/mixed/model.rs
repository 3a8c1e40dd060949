//! The linear mixed model.

use nalgebra::{DMatrix, DVector};
use serde::Serialize;

use super::optimize::minimize;
use super::profile::{Factor, Profile, Root};
use super::satterthwaite::Satterthwaite;
use super::sufficient::Sufficient;
use crate::stats::covariates::Covariates;
use crate::stats::distributions::{chi_squared_upper_p, normal_quantile, t_quantile, t_two_sided_p};
use crate::stats::error::{StatsError, check_finite, check_level};
use crate::stats::estimate::{Estimate, Interval};
use crate::stats::hypothesis::TestResult;
use crate::stats::regression::Design;

/// What varies from patient to patient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RandomEffects<'a> {
    /// The level.
    Intercept,
    /// The level and the slope on a column.
    Slope {
        /// Name of the column.
        name: &'a str,
        /// The column.
        column: &'a [f64],
        /// Whether level and slope may be correlated.
        correlated: bool,
    },
}

/// Which likelihood is maximized.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MixedMethod {
    /// Restricted: variances without the bias from estimating the fixed effects.
    #[default]
    Reml,
    /// Full: for likelihood-ratio tests of fixed effects.
    Ml,
}

/// Options of a mixed model.
#[derive(Clone, Copy, Debug)]
pub struct MixedOptions<'a> {
    /// What varies from patient to patient.
    pub random: RandomEffects<'a>,
    /// Which likelihood is maximized.
    pub method: MixedMethod,
    /// Level of the intervals.
    pub level: f64,
}

impl Default for MixedOptions<'_> {
    fn default() -> Self {
        Self { random: RandomEffects::Intercept, method: MixedMethod::Reml, level: 0.95 }
    }
}

/// One fixed effect; the first is the intercept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FixedEffect {
    /// Its name; `(Intercept)` for the intercept.
    pub name: String,
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Satterthwaite's degrees of freedom.
    pub df: f64,
    /// t statistic.
    pub statistic: f64,
    /// Two-sided p value.
    pub p_value: f64,
    /// t interval.
    pub interval: Interval,
}

/// One patient's deviation from the mean.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RandomEffect {
    /// The group, as given.
    pub group: usize,
    /// Best linear unbiased prediction of level (and slope).
    pub effects: Vec<f64>,
    /// Their conditional standard deviations.
    pub std_devs: Vec<f64>,
}

/// A fitted linear mixed model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MixedModel {
    /// Which likelihood was maximized.
    pub method: MixedMethod,
    /// Fixed effects, intercept first.
    pub fixed: Vec<FixedEffect>,
    /// Their covariance.
    pub covariance: Vec<Vec<f64>>,
    /// Names of the random effects.
    pub random_names: Vec<String>,
    /// Covariance of the random effects.
    pub random_covariance: Vec<Vec<f64>>,
    /// Their correlation; `None` without a slope or with a variance of 0.
    pub random_correlation: Option<f64>,
    /// Residual standard deviation.
    pub sigma: f64,
    /// What is wrong with the random effects, if a variance is 0 or a correlation ±1.
    pub singular: Option<String>,
    /// Share of the variance that is between patients (random intercept alone), with its interval.
    pub intraclass_correlation: Option<Estimate>,
    /// Log likelihood (restricted with REML).
    pub log_likelihood: f64,
    /// Akaike's criterion.
    pub aic: f64,
    /// Schwarz's criterion, with the number of rows.
    pub bic: f64,
    /// Number of parameters.
    pub n_parameters: usize,
    /// Rows.
    pub n: usize,
    /// Groups.
    pub n_groups: usize,
    /// Predictions for each group, in the order of their codes.
    pub random: Vec<RandomEffect>,
    /// Fitted values with the random effects, in the order of the rows.
    pub fitted: Vec<f64>,
    /// Residuals.
    pub residuals: Vec<f64>,
    /// Newton steps taken.
    pub iterations: usize,
}

/// A diagonal of Λ below this is a variance of 0 (lme4's `isSingular`).
const SINGULAR: f64 = 1e-4;

/// Fits a linear mixed model with one grouping factor.
///
/// # Formula
/// ```text
/// y = Xβ + Zb + ε,   b ~ N(0, σ²ΛΛᵀ) for each group,   ε ~ N(0, σ²)
/// ML:   d(θ) = Σ log|ΛᵀZᵀZΛ + I| + n [1 + log(2π r²/n)]
/// REML: d(θ) = Σ log|ΛᵀZᵀZΛ + I| + log|R_XᵀR_X| + (n − p)[1 + log(2π r²/(n − p))]
/// ```
/// r² the penalized residual sum of squares at the best β and b. Predictions are `Λ(ΛᵀZᵀZΛ + I)⁻¹ΛᵀZᵀ(y − Xβ)`, their conditional
/// variance `σ²Λ(ΛᵀZᵀZΛ + I)⁻¹Λᵀ`. Satterthwaite: `2(cᵀVc)²/(gᵀAg)` with `A = 2H⁻¹` of the deviance in (θ, σ). The intraclass
/// correlation's interval is symmetric in its logit.
///
/// # Conventions
/// Sums per group are made once; each step costs O(groups). Columns are centred and scaled inside and the result given back in their
/// units. AIC and BIC count fixed effects, variances and covariance, and σ.
///
/// # Edge cases
/// A variance at 0 or a correlation of ±1 is reported in `singular`; degrees of freedom then leave that direction out, as lmerTest does.
///
/// # Errors
/// [`StatsError::OneGroup`] below two groups; [`StatsError::TooFew`]; [`StatsError::ConstantCovariate`], [`StatsError::Collinear`];
/// [`StatsError::Undefined`] where every group has a single row (or two, with a slope), so that variances cannot be told apart;
/// [`StatsError::NotConverged`]; [`StatsError::LengthMismatch`], [`StatsError::NotFinite`], [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `lme4::lmer(y ~ … + (1 | g))`, `(x | g)`, `(1 | g) + (0 + x | g)` at full convergence; `lmerTest` for degrees of freedom;
/// `nlme::lme` for the same models.
///
/// # References
/// Laird & Ware (1982), Biometrics 38:963–974; Bates et al. (2015), J Stat Softw 67(1); Kuznetsova et al. (2017), J Stat Softw 82(13).
pub fn linear_mixed_model(
    outcome: &[f64],
    covariates: &Covariates,
    groups: &[usize],
    options: &MixedOptions<'_>,
) -> Result<MixedModel, StatsError> {
    check_level(options.level)?;
    let n = outcome.len();
    let slope = match options.random {
        RandomEffects::Intercept => None,
        RandomEffects::Slope { name, column, correlated } => Some((name, column, correlated)),
    };
    for (what, length) in [("covariates", covariates.n_rows()), ("groups", groups.len()), ("slope", slope.map_or(n, |slope| slope.1.len()))]
    {
        if length != n {
            return Err(StatsError::LengthMismatch { what: what.to_owned(), found: length, expected: n });
        }
    }
    check_finite("outcome", outcome)?;
    let design = Design::new(covariates)?;
    let (codes, members) = members(groups);
    check_size(n, design.p, &members, slope.is_some())?;
    let scaled_slope = slope.map(|(name, column, correlated)| ScaledSlope::new(name, column, correlated)).transpose()?;

    // The outcome about its mean in units of its standard deviation.
    let mean = outcome[0] + outcome.iter().map(|y| y - outcome[0]).sum::<f64>() / n as f64;
    let spread = (outcome.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / n as f64).sqrt();
    if spread <= 0.0 {
        return Err(StatsError::ConstantCovariate { term: "the outcome".to_owned() });
    }
    let y: Vec<f64> = outcome.iter().map(|y| (y - mean) / spread).collect();
    let data = Sufficient::new(&design, &y, &members, scaled_slope.as_ref().map(|slope| slope.column.as_slice()));
    let reml = options.method == MixedMethod::Reml;
    let start = match &scaled_slope {
        None => vec![1.0],
        Some(slope) if slope.correlated => vec![1.0, 0.0, 0.5],
        Some(_) => vec![1.0, 0.5],
    };
    let (theta, iterations) = minimize(&data, start, reml)?;
    let profile = Profile::at(&data, &theta).ok_or(StatsError::NotConverged { iterations })?;
    let sigma_scaled = (profile.penalized_rss / Profile::df(&data, reml)).sqrt();
    if sigma_scaled < 1e-7 {
        let why = "fixed and random effects explain every value, so there is no spread to judge them by".to_owned();
        return Err(StatsError::Undefined { why });
    }
    let degrees = Satterthwaite::new(&data, &theta, sigma_scaled, reml).ok_or(StatsError::NotConverged { iterations })?;
    let sigma = sigma_scaled * spread;

    let covariance = design.covariance_in_units(&(&degrees.fixed * (spread * spread)));
    let mut coefficients = design.in_units((&profile.beta * spread).as_slice());
    coefficients[0] += mean;
    // Rows of the transform from scaled coefficients to those in units.
    let contrasts: Vec<Vec<f64>> = (0..design.p)
        .map(|k| {
            let mut unit = vec![0.0; design.p];
            unit[k] = 1.0;
            design.in_units(&unit)
        })
        .collect();
    let fixed = (0..design.p)
        .map(|j| {
            let (estimate, std_error) = (coefficients[j], covariance[(j, j)].sqrt());
            let df = degrees.df(&DVector::from_fn(design.p, |k, _| contrasts[k][j]));
            let statistic = estimate / std_error;
            let half = t_quantile(0.5 + options.level / 2.0, df) * std_error;
            FixedEffect {
                name: if j == 0 { "(Intercept)".to_owned() } else { design.names[j - 1].clone() },
                estimate,
                std_error,
                df,
                statistic,
                p_value: t_two_sided_p(statistic, df),
                interval: Interval { lower: estimate - half, upper: estimate + half, level: options.level },
            }
        })
        .collect();

    let factor = Factor::new(&theta, data.q);
    let to_units = scaled_slope.as_ref().map_or([1.0, 0.0, 0.0, 1.0], ScaledSlope::to_units);
    let random_covariance = in_units(&to_units, &lambda_lambda(&factor), data.q, sigma * sigma);
    let mut random = Vec::with_capacity(members.len());
    let mut fitted = design.predictor(profile.beta.as_slice());
    for ((group, rows), &code) in data.groups.iter().zip(&members).zip(&codes) {
        let root = Root::new(&group.zz, &factor, data.q);
        let mut left = group.zy;
        for j in 0..data.q {
            left[j] -= (0..data.p).map(|k| group.zx[j * data.p + k] * profile.beta[k]).sum::<f64>();
        }
        let effects = root.back(&factor, root.apply(&factor, left));
        for &row in rows {
            let row = row as usize;
            fitted[row] += effects[0] + scaled_slope.as_ref().map_or(0.0, |slope| slope.column[row] * effects[1]);
        }
        // Λ M⁻¹ Λᵀ, column by column.
        let columns = [root.apply(&factor, [1.0, 0.0]), root.apply(&factor, [0.0, 1.0])];
        let cell = |j: usize, k: usize| columns[j][0] * columns[k][0] + columns[j][1] * columns[k][1];
        let conditional = in_units(&to_units, &[cell(0, 0), cell(0, 1), cell(1, 0), cell(1, 1)], data.q, sigma * sigma);
        random.push(RandomEffect {
            group: code,
            effects: (0..data.q).map(|j| spread * (to_units[j * 2] * effects[0] + to_units[j * 2 + 1] * effects[1])).collect(),
            std_devs: (0..data.q).map(|j| conditional[j][j].max(0.0).sqrt()).collect(),
        });
    }
    let fitted: Vec<f64> = fitted.into_iter().map(|value| mean + spread * value).collect();
    let df = Profile::df(&data, reml);
    // Back from units of the outcome's standard deviation, and with REML from scaled columns.
    let scale_terms: f64 = (1..design.p).map(|j| design.scale_of(j).ln()).sum();
    let deviance = profile.deviance(&data, reml) + 2.0 * df * spread.ln() + if reml { 2.0 * scale_terms } else { 0.0 };
    let n_parameters = design.p + theta.len() + 1;
    let log_likelihood = -deviance / 2.0;
    let correlation = (data.q == 2 && random_covariance[0][0] > 0.0 && random_covariance[1][1] > 0.0)
        .then(|| (random_covariance[0][1] / (random_covariance[0][0] * random_covariance[1][1]).sqrt()).clamp(-1.0, 1.0));
    Ok(MixedModel {
        method: options.method,
        fixed,
        covariance: (0..design.p).map(|j| covariance.row(j).iter().copied().collect()).collect(),
        random_names: std::iter::once("(Intercept)".to_owned()).chain(slope.map(|slope| slope.0.to_owned())).collect(),
        random_correlation: correlation.filter(|_| slope.is_some_and(|slope| slope.2)),
        singular: singular(&theta, slope.map(|slope| slope.0)),
        intraclass_correlation: (data.q == 1).then(|| intraclass(theta[0], degrees.profile_curvature[(0, 0)], options.level)),
        random_covariance,
        sigma,
        log_likelihood,
        aic: deviance + 2.0 * n_parameters as f64,
        bic: deviance + n_parameters as f64 * (n as f64).ln(),
        n_parameters,
        n,
        n_groups: members.len(),
        random,
        residuals: outcome.iter().zip(&fitted).map(|(y, fitted)| y - fitted).collect(),
        fitted,
        iterations,
    })
}

/// Likelihood-ratio test of two nested models fitted by ML to the same rows.
///
/// # Formula
/// `2(ℓ_large − ℓ_small)`, χ² on the difference in parameters.
///
/// # Errors
/// [`StatsError::Undefined`] unless both are ML fits of equally many rows and the second has more parameters.
///
/// # Agrees with
/// R `anova(small, large)`.
pub fn likelihood_ratio_test(small: &MixedModel, large: &MixedModel) -> Result<TestResult, StatsError> {
    let undefined = |why: &str| Err(StatsError::Undefined { why: why.to_owned() });
    if small.method != MixedMethod::Ml || large.method != MixedMethod::Ml {
        return undefined("likelihoods of models with different fixed effects can be compared after ML fits only");
    }
    if small.n != large.n || large.n_parameters <= small.n_parameters {
        return undefined("the models are not nested: the larger needs the same rows and more parameters");
    }
    let statistic = (2.0 * (large.log_likelihood - small.log_likelihood)).max(0.0);
    let df = (large.n_parameters - small.n_parameters) as f64;
    Ok(TestResult { method: "likelihood-ratio test", statistic, df: Some(df), p_value: chi_squared_upper_p(statistic, df) })
}

/// Group codes in rising order, with the rows of each.
fn members(groups: &[usize]) -> (Vec<usize>, Vec<Vec<u32>>) {
    let mut order: Vec<u32> = (0..groups.len() as u32).collect();
    order.sort_by_key(|&row| groups[row as usize]);
    let chunks = order.chunk_by(|&a, &b| groups[a as usize] == groups[b as usize]);
    chunks.map(|rows| (groups[rows[0] as usize], rows.to_vec())).unzip()
}

fn check_size(n: usize, p: usize, members: &[Vec<u32>], slope: bool) -> Result<(), StatsError> {
    if members.len() < 2 {
        return Err(StatsError::OneGroup);
    }
    let effects = 1 + usize::from(slope);
    if n <= p + 1 {
        return Err(StatsError::TooFew { found: n, needed: p + 2 });
    }
    if n <= members.len() * effects || members.iter().all(|rows| rows.len() <= effects) {
        let why = format!(
            "no group has more than {effects} row{}, so variation within and between groups cannot be told apart",
            if effects == 1 { "" } else { "s" }
        );
        return Err(StatsError::Undefined { why });
    }
    Ok(())
}

/// A random slope's column, scaled; and centred where level and slope may be correlated (which leaves such a model as it is).
struct ScaledSlope {
    column: Vec<f64>,
    centre: f64,
    scale: f64,
    correlated: bool,
}

impl ScaledSlope {
    fn new(name: &str, column: &[f64], correlated: bool) -> Result<Self, StatsError> {
        check_finite(name, column)?;
        let n = column.len() as f64;
        let first = column[0];
        if column.iter().all(|value| *value == first) {
            return Err(StatsError::ConstantCovariate { term: name.to_owned() });
        }
        let centre = if correlated { first + column.iter().map(|value| value - first).sum::<f64>() / n } else { 0.0 };
        let scale = (column.iter().map(|value| (value - centre).powi(2)).sum::<f64>() / n).sqrt();
        Ok(Self { column: column.iter().map(|value| (value - centre) / scale).collect(), centre, scale, correlated })
    }

    /// Level and slope in units from those of the scaled column.
    fn to_units(&self) -> [f64; 4] {
        [1.0, -self.centre / self.scale, 0.0, 1.0 / self.scale]
    }
}

fn lambda_lambda(factor: &Factor) -> [f64; 4] {
    let [a, _, b, d] = factor.lower;
    [a * a, a * b, a * b, b * b + d * d]
}

/// `scale · T C Tᵀ`, the first q rows and columns.
fn in_units(transform: &[f64; 4], covariance: &[f64; 4], q: usize, scale: f64) -> Vec<Vec<f64>> {
    let t = DMatrix::from_row_slice(2, 2, transform);
    let whole = &t * DMatrix::from_row_slice(2, 2, covariance) * t.transpose() * scale;
    (0..q).map(|j| (0..q).map(|k| if q == 1 { covariance[0] * scale } else { whole[(j, k)] }).collect()).collect()
}

fn singular(theta: &[f64], slope: Option<&str>) -> Option<String> {
    match (theta, slope) {
        ([level, ..], _) if *level < SINGULAR => Some("the variance of the level is 0".to_owned()),
        ([_, slope_theta], Some(name)) if *slope_theta < SINGULAR => Some(format!("the variance of the slope on {name} is 0")),
        ([_, both, slope_theta], Some(name)) if *slope_theta < SINGULAR => Some(if both.abs() < SINGULAR {
            format!("the variance of the slope on {name} is 0")
        } else {
            format!("level and slope on {name} are perfectly correlated")
        }),
        _ => None,
    }
}

/// θ²/(1 + θ²); its logit is 2 log θ, with standard error from the curvature of the profiled deviance.
fn intraclass(theta: f64, curvature: f64, level: f64) -> Estimate {
    let estimate = theta * theta / (1.0 + theta * theta);
    if theta < SINGULAR || curvature <= 0.0 {
        return Estimate { estimate, std_error: 0.0, interval: None };
    }
    let log_error = 2.0 * (2.0 / curvature).sqrt() / theta;
    let half = normal_quantile(0.5 + level / 2.0) * log_error;
    let back = |logit: f64| 1.0 / (1.0 + (-logit).exp());
    let logit = 2.0 * theta.ln();
    let interval = Interval { lower: back(logit - half), upper: back(logit + half), level };
    Estimate { estimate, std_error: estimate * (1.0 - estimate) * log_error, interval: Some(interval) }
}
