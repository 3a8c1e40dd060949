//! The fit of a linear mixed model.

use nalgebra::{DVector, SymmetricEigen};

use super::design::Design;
use super::intraclass::intraclass_correlation;
use super::model::{Estimation, ExplainedVariance, FixedEffect, GroupEffect, LinearMixedModel, RandomEffects};
use super::optimize::{Evaluated, Minimum, minimize};
use super::parameters::{Parameters, SecondOrder};
use super::profile::{Solution, transposed};
use super::random_effects::{Coordinates, singular_component, variance};
use super::satterthwaite::Satterthwaite;
use super::sufficient::{Grouping, Square, Sufficient, product};
use crate::stats::distributions::{t_quantile, t_two_sided_p};
use crate::stats::error::{StatsError, check_level};
use crate::stats::estimate::Interval;
use crate::stats::survival::Covariates;

/// Fits a linear mixed model with one grouping factor.
///
/// # Formula
/// ```text
/// y = Xβ + Zb + ε,  b ~ N(0, σ² Λ Λᵀ) for each group,  ε ~ N(0, σ²)
/// deviance(θ) = log|V| + df (1 + log(2π r²/df)) (+ log|XᵀV⁻¹X|),  V = I + Z Λ ΛᵀZᵀ,  σ² = r²/df
/// β = (XᵀV⁻¹X)⁻¹ XᵀV⁻¹y,  covariance σ² (XᵀV⁻¹X)⁻¹,  t = β/se on Satterthwaite's degrees of freedom
/// ```
/// where df is the number of rows, less the fixed effects under REML, and r² the generalized residual sum of squares.
///
/// # Conventions
/// `fixed` holds the explanatory variables; an intercept is added, and `None` is a model of the intercept alone. `groups` names the
/// group of each row by any number. The minimum is taken to the last digit by Newton's method with analytic derivatives, so
/// variances differ from software that stops earlier in the 5th digit. BIC counts rows (as lme4, not as nlme). Standard
/// deviations of random effects take the fixed effects as known. The interval of the intraclass correlation is the exact one
/// from F, whatever the likelihood. R² is Nakagawa's, with Johnson's mean variance for random slopes.
///
/// # Edge cases
/// A best fit with a variance of 0 or a correlation of ±1 is given as such, marked `singular`, with the component in words. Where
/// level and slope may be correlated, the fit does not depend on the origin of the slope's covariate. Where a few patients have two
/// maxima, the higher one is given; lmer gives the one its start leads to.
///
/// # Errors
/// [`StatsError::SingleGroup`]; [`StatsError::TooFew`] with no more rows than fixed effects;
/// [`StatsError::GroupsNotSeparable`] with no more rows than random effects (as lme4), or where the likelihood does not
/// depend on a variance, as when the fixed effects tell all groups apart; [`StatsError::ConstantCovariate`],
/// [`StatsError::Collinear`] naming the term; [`StatsError::NoResidualVariance`]; [`StatsError::NotConverged`];
/// [`StatsError::EmptySample`], [`StatsError::LengthMismatch`], [`StatsError::NotFinite`], [`StatsError::OutOfRange`],
/// [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R lme4 1.1-31 `lmer(y ~ x + (1 | group))`, `(x | group)`, `(1 | group) + (0 + x | group)` at full convergence; lmerTest 3.1-3
/// `summary` for degrees of freedom.
///
/// # References
/// Bates, Mächler, Bolker and Walker (2015), J Stat Softw 67(1). Kuznetsova, Brockhoff and Christensen (2017), J Stat Softw
/// 82(13). Harville and Fenech (1985), Biometrics 41:137–152, on the interval of the variance ratio. Nakagawa and Schielzeth
/// (2013), Methods Ecol Evol 4:133–142; Johnson (2014), ibid. 5:944–946.
pub fn linear_mixed_model(
    outcome: &[f64],
    fixed: Option<&Covariates>,
    groups: &[usize],
    random: RandomEffects,
    estimation: Estimation,
    level: f64,
) -> Result<LinearMixedModel, StatsError> {
    check_level(level)?;
    if groups.len() != outcome.len() {
        return Err(StatsError::LengthMismatch { what: "groups".to_owned(), found: groups.len(), expected: outcome.len() });
    }
    let design = Design::new(outcome, fixed)?;
    let grouping = Grouping::new(groups);
    let n_groups = grouping.levels.len();
    if n_groups == 1 {
        return Err(StatsError::SingleGroup);
    }
    let intercept = design.names[0].clone();
    let data = Data { outcome, design, grouping, estimation, level };
    match random {
        RandomEffects::Intercept => data.fit(&Coordinates::level(), None, false, vec![intercept]),
        RandomEffects::InterceptAndSlope { column, correlated } => {
            let slope = data.design.columns.get(column).ok_or(StatsError::OutOfRange {
                what: "the position of the random slope's column",
                value: column as f64,
                expected: "it must be one of the fixed effects' columns, counted from 0",
            })?;
            let coordinates = Coordinates::level_and_slope(slope, correlated);
            let names = vec![intercept, data.design.names[column + 1].clone()];
            data.fit(&coordinates, Some(column), correlated, names)
        }
    }
}

/// Standard deviations (relative to σ) of the random effects to start from; the best of all combinations is taken.
const STARTS: [f64; 4] = [0.02, 0.15, 1.0, 7.0];
/// Below this many rows (ten times as many on the edge) other starts are tried: few patients can have two maxima.
const SMALL: usize = 5_000;
/// lme4 calls a fit singular below this standard deviation (relative to σ).
const SINGULAR: f64 = 1e-4;

struct Data<'a> {
    outcome: &'a [f64],
    design: Design,
    grouping: Grouping,
    estimation: Estimation,
    level: f64,
}

/// One model's numbers on the way.
struct Fit<'a, const Q: usize> {
    data: &'a Data<'a>,
    statistics: Sufficient<Q>,
    parameters: Parameters<Q>,
    /// Rows, less the fixed effects under REML.
    df: f64,
}

impl Data<'_> {
    fn fit<const Q: usize>(
        &self,
        coordinates: &Coordinates<Q>,
        slope: Option<usize>,
        correlated: bool,
        names: Vec<String>,
    ) -> Result<LinearMixedModel, StatsError> {
        let (n, p, n_groups) = (self.design.n, self.design.p, self.grouping.levels.len());
        let slope = slope.map(|column| self.design.columns[column].values.as_slice());
        let statistics = Sufficient::new(&self.design, &self.grouping, slope, &coordinates.mixing);
        // lme4 counts term by term: uncorrelated effects are terms of their own.
        let per_group = if correlated { Q } else { 1 };
        if n <= n_groups * per_group || statistics.strata().df_between == 0 {
            return Err(StatsError::GroupsNotSeparable { rows: n, groups: n_groups });
        }
        let df = match self.estimation {
            Estimation::Reml => n - p,
            Estimation::Ml => n,
        } as f64;
        let fit = Fit { data: self, statistics, parameters: Parameters::new(correlated), df };
        let (theta, iterations, singular) = fit.minimum()?;
        let root = fit.parameters.root(&theta);
        let solution = fit.solve(&theta).ok_or(StatsError::NoResidualVariance)?;
        let sums = fit.statistics.sums(&fit.parameters.relative(&theta), &solution);
        let derivatives = fit.parameters.derivatives(&theta, &sums, &solution);
        let satterthwaite = Satterthwaite::new(self.estimation, df, &solution, &derivatives);
        let sigma = (solution.rss / df).sqrt();
        let scale = self.design.y_scale;
        let random_effects = variance(coordinates, &root, sigma * scale, names, correlated);
        let fixed_design = match self.estimation {
            Estimation::Reml => self.design.log_det,
            Estimation::Ml => 0.0,
        };
        let deviance =
            solution.deviance(self.estimation, df) + df * (1.0 + (std::f64::consts::TAU / df).ln() + 2.0 * scale.ln()) + fixed_design;
        let n_parameters = p + fit.parameters.count() + 1;
        let predictions = fit.statistics.predictions(&root, &solution);
        let residuals = self.residuals(&solution, &coordinates.mixing, slope, &predictions);
        let between = product(&coordinates.mixing, &root).iter().flatten().map(|value| value * value).sum::<f64>() * sigma.powi(2);
        Ok(LinearMixedModel {
            n_rows: n,
            n_groups,
            estimation: self.estimation,
            fixed_effects: self.fixed_effects(&solution, &satterthwaite),
            covariance: self.covariance(&solution, sigma),
            singular,
            singular_component: singular.then(|| singular_component(&random_effects)),
            random_effects,
            residual_std_dev: sigma * scale,
            log_likelihood: -deviance / 2.0,
            deviance,
            n_parameters,
            aic: deviance + 2.0 * n_parameters as f64,
            bic: deviance + (n as f64).ln() * n_parameters as f64,
            iterations,
            group_effects: self.group_effects(coordinates, &predictions, sigma),
            fitted: self.outcome.iter().zip(&residuals).map(|(value, residual)| value - residual).collect(),
            residuals,
            intraclass_correlation: (Q == 1).then(|| intraclass_correlation(&fit.statistics, root[0][0].powi(2), self.level)),
            explained_variance: self.explained_variance(&solution, between, sigma.powi(2)),
        })
    }

    fn fixed_effects(&self, solution: &Solution, satterthwaite: &Satterthwaite) -> Vec<FixedEffect> {
        let mut values = &self.design.to_original * (&self.design.least_squares + &solution.gamma) * self.design.y_scale;
        values[0] += self.design.y_center;
        let mut effects = Vec::with_capacity(self.design.p);
        for (j, name) in self.design.names.iter().enumerate() {
            let (variance, df) = satterthwaite.variance_and_df(&self.design.to_original.row(j).transpose());
            let (estimate, std_error) = (values[j], variance.sqrt() * self.design.y_scale);
            let statistic = estimate / std_error;
            // With next to no degrees of freedom the quantile lies beyond all numbers.
            let tail = (1.0 - self.level) / 2.0;
            let half_width = (-tail.ln() < 600.0 * df).then(|| t_quantile(1.0 - tail, df) * std_error).filter(|width| width.is_finite());
            effects.push(FixedEffect {
                name: name.clone(),
                estimate,
                std_error,
                df,
                statistic,
                p_value: t_two_sided_p(statistic, df),
                interval: half_width.map(|width| Interval { lower: estimate - width, upper: estimate + width, level: self.level }),
            });
        }
        effects
    }

    fn covariance(&self, solution: &Solution, sigma: f64) -> Vec<Vec<f64>> {
        let map = &self.design.to_original;
        let covariance = map * &solution.inverse * map.transpose() * (sigma * self.design.y_scale).powi(2);
        (0..self.design.p).map(|j| (0..self.design.p).map(|k| f64::midpoint(covariance[(j, k)], covariance[(k, j)])).collect()).collect()
    }

    /// Outcome less fixed and random effects, row by row.
    fn residuals<const Q: usize>(
        &self,
        solution: &Solution,
        mixing: &Square<Q>,
        slope: Option<&[f64]>,
        predictions: &[([f64; Q], Square<Q>)],
    ) -> Vec<f64> {
        let (p, mut residuals) = (self.design.p, vec![0.0; self.design.n]);
        for (rows, (effect, _)) in self.grouping.each().zip(predictions) {
            let own: [f64; Q] = std::array::from_fn(|k| (0..Q).map(|l| mixing[k][l] * effect[l]).sum());
            for &row in rows {
                let fixed: f64 = self.design.x[row * p..(row + 1) * p].iter().zip(solution.gamma.iter()).map(|(x, gamma)| x * gamma).sum();
                let sloping = slope.map_or(0.0, |slope| own[Q - 1] * slope[row]);
                residuals[row] = (self.design.y[row] - fixed - own[0] - sloping) * self.design.y_scale;
            }
        }
        residuals
    }

    fn group_effects<const Q: usize>(
        &self,
        coordinates: &Coordinates<Q>,
        predictions: &[([f64; Q], Square<Q>)],
        sigma: f64,
    ) -> Vec<GroupEffect> {
        let (map, scale) = (&coordinates.to_original, self.design.y_scale);
        let effects = self.grouping.levels.iter().zip(self.grouping.each()).zip(predictions);
        effects
            .map(|((&group, rows), (effect, covariance))| {
                let covariance = product(&product(map, covariance), &transposed(map));
                GroupEffect {
                    group,
                    n_rows: rows.len(),
                    effect: map.iter().map(|row| row.iter().zip(effect).map(|(a, b)| a * b).sum::<f64>() * scale).collect(),
                    std_dev: (0..Q).map(|k| covariance[k][k].max(0.0).sqrt() * sigma * scale).collect(),
                }
            })
            .collect()
    }

    fn explained_variance(&self, solution: &Solution, between: f64, within: f64) -> ExplainedVariance {
        let coefficients = &self.design.least_squares + &solution.gamma;
        // All columns but the first have mean 0 and length 1.
        let fixed = coefficients.iter().skip(1).map(|value| value * value).sum::<f64>() / (self.design.n as f64 - 1.0);
        let all = fixed + between + within;
        ExplainedVariance { marginal: fixed / all, conditional: (fixed + between) / all }
    }
}

impl<const Q: usize> Fit<'_, Q> {
    fn solve(&self, theta: &DVector<f64>) -> Option<Solution> {
        self.statistics.solve(&self.parameters.relative(theta))
    }

    fn deviance(&self, theta: &DVector<f64>) -> Option<f64> {
        Some(self.solve(theta)?.deviance(self.data.estimation, self.df))
    }

    /// The profiled deviance with its first and second derivatives.
    fn evaluate(&self, theta: &DVector<f64>) -> Option<Evaluated> {
        let solution = self.solve(theta)?;
        let sums = self.statistics.sums(&self.parameters.relative(theta), &solution);
        let parts = self.parameters.derivatives(theta, &sums, &solution);
        let relative = parts.rss.gradient / solution.rss;
        let mut gradient = parts.log_det.gradient + self.df * &relative;
        let mut hessian = parts.log_det.hessian + self.df * (parts.rss.hessian / solution.rss - &relative * relative.transpose());
        if self.data.estimation == Estimation::Reml {
            gradient += parts.log_det_fixed.gradient;
            hessian += parts.log_det_fixed.hessian;
        }
        let value = solution.deviance(self.data.estimation, self.df);
        Some(Evaluated { at: theta.clone(), value, order: SecondOrder { gradient, hessian } })
    }

    /// θ at the minimum, the steps it took, and whether it lies on the edge.
    fn minimum(&self) -> Result<(DVector<f64>, usize, bool), StatsError> {
        let start = self.best_start().ok_or(StatsError::NoResidualVariance)?;
        let mut best = minimize(|theta| self.evaluate(theta), &start)?;
        let rows = self.statistics.n;
        if rows < SMALL || (rows < 10 * SMALL && self.edge(&best.point).is_some()) {
            for start in self.other_starts() {
                match minimize(|theta| self.evaluate(theta), &start) {
                    Ok(other) if other.point.value < best.point.value - 1e-7 => best = other,
                    _ => {}
                }
            }
        }
        let Minimum { point, iterations } = best;
        match self.edge(&point) {
            Some(theta) => Ok((theta, iterations, true)),
            None if Self::flat(&point) => {
                Err(StatsError::GroupsNotSeparable { rows: self.statistics.n, groups: self.data.grouping.levels.len() })
            }
            None => Ok((self.parameters.of_root(&self.parameters.root(&point.at)), iterations, false)),
        }
    }

    /// Whether the deviance does not tell some variances from any others: a standard error 1 000 times the estimate and more.
    fn flat(point: &Evaluated) -> bool {
        let curvature = SymmetricEigen::new(point.order.hessian.clone()).eigenvalues.min();
        curvature * point.at.norm_squared().max(1.0) < 1e-6
    }

    /// Diagonal roots of all combinations of some standard deviations.
    fn diagonals(&self, of: &[f64]) -> impl Iterator<Item = DVector<f64>> {
        (0..of.len().pow(Q as u32)).map(|combination| {
            let mut root = [[0.0; Q]; Q];
            let mut rest = combination;
            for (k, row) in root.iter_mut().enumerate() {
                row[k] = of[rest % of.len()];
                rest /= of.len();
            }
            self.parameters.of_root(&root)
        })
    }

    fn best_start(&self) -> Option<DVector<f64>> {
        let valued = self.diagonals(&STARTS).filter_map(|theta| Some((self.deviance(&theta)?, theta)));
        valued.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, theta)| theta)
    }

    /// Small and large standard deviations, and strong correlations either way.
    fn other_starts(&self) -> Vec<DVector<f64>> {
        let mut starts: Vec<DVector<f64>> = self.diagonals(&[0.05, 3.0]).collect();
        if self.parameters.count() > Q {
            for correlation in [-0.9_f64, 0.9] {
                let mut root = [[0.0; Q]; Q];
                for (k, row) in root.iter_mut().enumerate() {
                    row[0] = correlation;
                    row[k] = (1.0 - correlation * correlation).sqrt();
                }
                root[0][0] = 1.0;
                starts.push(self.parameters.of_root(&root));
            }
        }
        starts
    }

    /// θ on the edge, if the point lies so close to it that the deviance cannot tell them apart.
    fn edge(&self, point: &Evaluated) -> Option<DVector<f64>> {
        let root = self.parameters.root(&point.at);
        let mut candidates = vec![[[0.0; Q]; Q]];
        for k in 0..Q {
            let mut candidate = root;
            // Without the k-th entry of the diagonal; what its column held below moves on to the next diagonal entry.
            candidate[k][k] = 0.0;
            for (row, values) in candidate.iter_mut().enumerate().skip(k + 1) {
                values[row] = values[row].hypot(values[k]);
                values[k] = 0.0;
            }
            if root[k][k].abs() < SINGULAR {
                candidates.push(candidate);
            }
        }
        let noise = 1e-9 + 1e-13 * point.value.abs();
        candidates
            .iter()
            .map(|candidate| self.parameters.of_root(candidate))
            .find(|theta| self.deviance(theta).is_some_and(|value| value <= point.value + noise))
    }
}
