//! Cox models, whatever the data.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use staywell::stats::StatsError;
use staywell::stats::survival::{Covariates, CoxModel, CoxOptions, Ties, TimeToEvent, TimeTransform, concordance};

fn settings() -> ProptestConfig {
    ProptestConfig { cases: 64, rng_seed: RngSeed::Fixed(20_261_121), failure_persistence: None, ..ProptestConfig::default() }
}

/// Time, event, a yes/no and a score.
type Row = (u8, bool, bool, i8);

fn sample() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((1..30_u8, any::<bool>(), any::<bool>(), -20..20_i8), 12..60)
}

fn times(rows: &[Row]) -> TimeToEvent {
    TimeToEvent::new(rows.iter().map(|row| f64::from(row.0)).collect(), rows.iter().map(|row| row.1).collect()).unwrap()
}

fn covariates(rows: &[Row]) -> Covariates {
    let columns = vec![rows.iter().map(|row| f64::from(row.2)).collect(), rows.iter().map(|row| f64::from(row.3) / 10.0).collect()];
    Covariates::new(vec!["group".into(), "score".into()], columns).unwrap()
}

fn fit(rows: &[Row], options: &CoxOptions<'_>) -> Option<CoxModel> {
    CoxModel::fit(&times(rows), &covariates(rows), options).ok()
}

fn coefficients(model: &CoxModel) -> Vec<f64> {
    model.fit.terms.iter().flat_map(|term| [term.coefficient, term.std_error]).collect()
}

fn alike(a: &[f64], b: &[f64], tolerance: f64) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() <= tolerance * (1.0 + b.abs()))
}

/// The definition, pair by pair.
fn pairs_one_by_one(rows: &TimeToEvent, score: &[f64]) -> (f64, f64, f64) {
    let (mut concordant, mut discordant, mut tied) = (0.0, 0.0, 0.0);
    let entry = |row: usize| rows.entry().map_or(-1.0, |entry| entry[row]);
    for i in (0..rows.len()).filter(|&i| rows.event()[i]) {
        for j in (0..rows.len()).filter(|&j| j != i) {
            let (now, later) = (rows.time()[i], rows.time()[j]);
            if entry(j) < now && (later > now || later == now && !rows.event()[j]) {
                let weight = rows.weight(i) * rows.weight(j);
                if score[i] > score[j] {
                    concordant += weight;
                } else if score[i] < score[j] {
                    discordant += weight;
                } else {
                    tied += weight;
                }
            }
        }
    }
    (concordant, discordant, tied)
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn an_episode_cut_in_two_is_the_same_episode(rows in sample(), cut in 1..29_u8) {
        for ties in [Ties::Efron, Ties::Breslow] {
            let Some(whole) = fit(&rows, &CoxOptions { ties, ..CoxOptions::default() }) else { continue };
            let (mut entry, mut pieces) = (vec![], vec![]);
            for &row in &rows {
                if row.0 > cut {
                    entry.extend([0.0, f64::from(cut)]);
                    pieces.extend([(cut, false, row.2, row.3), row]);
                } else {
                    entry.push(0.0);
                    pieces.push(row);
                }
            }
            let split = times(&pieces).with_entry(entry).unwrap();
            let split = CoxModel::fit(&split, &covariates(&pieces), &CoxOptions { ties, ..CoxOptions::default() }).unwrap();
            prop_assert!(alike(&coefficients(&split), &coefficients(&whole), 1e-7));
            prop_assert!((split.fit.log_likelihood - whole.fit.log_likelihood).abs() < 1e-8 * whole.fit.log_likelihood.abs().max(1.0));
        }
    }

    #[test]
    fn a_whole_weight_is_a_repeated_row_and_the_order_of_rows_says_nothing(rows in sample(), weights in prop::collection::vec(1..4_u8, 60)) {
        let options = CoxOptions { ties: Ties::Breslow, ..CoxOptions::default() };
        let weight: Vec<f64> = weights.iter().take(rows.len()).map(|&weight| f64::from(weight)).collect();
        let weighted = times(&rows).with_weights(weight.clone()).unwrap();
        let Ok(weighted) = CoxModel::fit(&weighted, &covariates(&rows), &options) else { return Ok(()) };
        let mut repeated: Vec<Row> = rows.iter().zip(&weights).flat_map(|(&row, &weight)| vec![row; weight.into()]).collect();
        repeated.reverse();
        let repeated = fit(&repeated, &options).unwrap();
        prop_assert!(alike(&coefficients(&weighted), &coefficients(&repeated), 1e-7));
        prop_assert!((weighted.fit.log_likelihood - repeated.fit.log_likelihood).abs() < 1e-8 * repeated.fit.log_likelihood.abs().max(1.0));
    }

    #[test]
    fn rows_censored_before_the_first_event_leave_the_fit_alone(rows in sample(), extra in 1..6_usize) {
        let shifted: Vec<Row> = rows.iter().map(|row| (row.0 + 5, row.1, row.2, row.3)).collect();
        let Some(plain) = fit(&shifted, &CoxOptions::default()) else { return Ok(()) };
        let more: Vec<Row> = shifted.iter().copied().chain((0..extra).map(|i| (1, false, i % 2 == 0, 19))).collect();
        prop_assert!(alike(&coefficients(&fit(&more, &CoxOptions::default()).unwrap()), &coefficients(&plain), 1e-7));
    }

    #[test]
    fn residuals_add_up_to_nothing_and_clusters_of_one_are_the_robust_errors(rows in sample()) {
        let Some(model) = fit(&rows, &CoxOptions::default()) else { return Ok(()) };
        let found = model.residuals();
        prop_assert!(found.martingale.iter().sum::<f64>().abs() < 1e-7);
        for j in 0..2 {
            prop_assert!(found.score.iter().map(|row| row[j]).sum::<f64>().abs() < 1e-6);
            prop_assert!(found.schoenfeld.iter().map(|row| row[j]).sum::<f64>().abs() < 1e-6);
        }
        let own: Vec<usize> = (0..rows.len()).rev().collect();
        let (Some(robust), Some(clustered)) =
            (fit(&rows, &CoxOptions { robust: true, ..CoxOptions::default() }), fit(&rows, &CoxOptions { cluster: Some(&own), ..CoxOptions::default() }))
        else { return Ok(()) };
        prop_assert!(alike(&coefficients(&robust), &coefficients(&clustered), 1e-9));
    }

    #[test]
    fn concordance_is_what_counting_every_pair_gives(rows in sample(), late in prop::collection::vec(0..20_u8, 60), weights in prop::collection::vec(1..5_u8, 60)) {
        let score: Vec<f64> = rows.iter().map(|row| f64::from(row.3 / 4)).collect();
        let entry = rows.iter().zip(&late).map(|(row, &late)| f64::from(late.min(row.0 - 1))).collect();
        let weight = weights.iter().take(rows.len()).map(|&weight| f64::from(weight) / 2.0).collect();
        for data in [times(&rows), times(&rows).with_entry(entry).unwrap().with_weights(weight).unwrap()] {
            let (concordant, discordant, tied) = pairs_one_by_one(&data, &score);
            match concordance(&data, &score, None, None) {
                Ok(found) => {
                    prop_assert!(alike(&[found.concordant, found.discordant, found.tied_score], &[concordant, discordant, tied], 1e-12));
                    prop_assert!((0.0..=1.0).contains(&found.estimate) && found.std_error.is_finite());
                }
                Err(_) => prop_assert!(concordant + discordant + tied == 0.0),
            }
        }
    }

    #[test]
    fn units_of_time_and_covariates_do_not_matter_to_the_test_of_proportional_hazards(rows in sample(), factor in 1..50_u8) {
        let Some(model) = fit(&rows, &CoxOptions::default()) else { return Ok(()) };
        let data = times(&rows);
        let slow = TimeToEvent::new(data.time().iter().map(|time| time * f64::from(factor)).collect(), data.event().to_vec()).unwrap();
        let scaled = Covariates::new(vec!["a".into(), "b".into()], covariates(&rows).columns().iter().map(|column| column.iter().map(|x| 1e6 + 3.0 * x).collect()).collect()).unwrap();
        let other = CoxModel::fit(&slow, &scaled, &CoxOptions::default()).unwrap();
        for transform in [TimeTransform::Km, TimeTransform::Rank, TimeTransform::Identity, TimeTransform::Log] {
            match (model.proportional_hazards(&data, transform), other.proportional_hazards(&slow, transform)) {
                (Ok(a), Ok(b)) => prop_assert!((a.global.statistic - b.global.statistic).abs() <= 1e-4 * (1.0 + a.global.statistic)),
                (a, b) => prop_assert_eq!(a.is_err(), b.is_err()),
            }
        }
    }

    #[test]
    fn firths_estimate_is_finite_and_the_top_of_its_likelihood(rows in sample()) {
        // Also where the plain estimate is not: only a covariate without information is refused.
        match CoxModel::fit(&times(&rows), &covariates(&rows), &CoxOptions { firth: true, ..CoxOptions::default() }) {
            Ok(model) => {
                prop_assert!(model.fit.terms.iter().all(|term| term.coefficient.is_finite() && term.std_error.is_finite()));
                prop_assert!(model.fit.log_likelihood >= model.fit.log_likelihood_null - 1e-9);
            }
            Err(error) => prop_assert!(!matches!(error, StatsError::Separation { .. }), "{}", error),
        }
    }

    #[test]
    fn hostile_covariates_give_a_sentence_or_finite_numbers(rows in sample(), kind in 0..6_u8, firth in any::<bool>()) {
        let n = rows.len();
        let strange: Vec<f64> = (0..n).map(|i| match kind {
            0 => 1e9 + i as f64,
            1 => 7.0,
            2 => f64::from(rows[i].1),
            3 => if i == 0 { 1e12 } else { 0.0 },
            4 => f64::from(rows[i].2),
            _ => f64::from(rows[i].0) * 1e-9,
        }).collect();
        let columns = vec![rows.iter().map(|row| f64::from(row.2)).collect(), strange];
        let design = Covariates::new(vec!["a".into(), "b".into()], columns).unwrap();
        if let Ok(model) = CoxModel::fit(&times(&rows), &design, &CoxOptions { firth, robust: !firth, ..CoxOptions::default() }) {
            prop_assert!(model.fit.terms.iter().all(|term| term.std_error.is_finite() && term.std_error > 0.0 && term.coefficient.is_finite()));
            let residuals = model.residuals();
            prop_assert!(residuals.martingale.iter().chain(&residuals.deviance).all(|value| value.is_finite()));
        }
    }
}

/// More scores than one tally holds, so that they are counted by classes; strata, late entry, weights and ties in both.
#[test]
fn concordance_of_thousands_of_scores_is_what_counting_every_pair_gives() {
    let n = 5_000_usize;
    let scattered = |row: usize, factor: usize, modulus: usize| ((row * factor + row * row * 7) % modulus) as f64;
    let time: Vec<f64> = (0..n).map(|row| 1.0 + scattered(row, 7_919, 400)).collect();
    let event: Vec<bool> = (0..n).map(|row| scattered(row, 104_729, 10) < 6.0).collect();
    let score: Vec<f64> = (0..n).map(|row| scattered(row, 1_299_709, 3_001) - time[row] / 2.0).collect();
    let strata: Vec<usize> = (0..n).map(|row| row % 3).collect();
    let cluster: Vec<usize> = (0..n).map(|row| row / 4).collect();
    let entry = time.iter().enumerate().map(|(row, time)| (time - 1.0 - scattered(row, 31, 90)).max(0.0)).collect();
    let weight = (0..n).map(|row| 1.0 + scattered(row, 13, 3)).collect();
    let plain = TimeToEvent::new(time, event).unwrap();
    let late = plain.clone().with_entry(entry).unwrap().with_weights(weight).unwrap();
    for (rows, strata, cluster) in [(&plain, None, None), (&late, Some(strata.as_slice()), Some(cluster.as_slice()))] {
        let entered = |row: usize| rows.entry().map_or(-1.0, |entry| entry[row]);
        // Each row's concordant, discordant and tied partners.
        let mut partners = vec![[0.0; 3]; n];
        for i in (0..n).filter(|&i| rows.event()[i]) {
            for j in (0..n).filter(|&j| j != i && strata.is_none_or(|strata| strata[i] == strata[j])) {
                let (now, later) = (rows.time()[i], rows.time()[j]);
                if entered(j) < now && (later > now || later == now && !rows.event()[j]) {
                    let kind = if score[i] > score[j] { 0 } else { 1 + usize::from(score[i] == score[j]) };
                    partners[i][kind] += rows.weight(j);
                    partners[j][kind] += rows.weight(i);
                }
            }
        }
        let sum = |kind: usize| (0..n).map(|row| rows.weight(row) * partners[row][kind]).sum::<f64>() / 2.0;
        let [concordant, discordant, tied] = [sum(0), sum(1), sum(2)];
        let all = concordant + discordant + tied;
        let estimate = (concordant + tied / 2.0) / all;
        let mut changes = vec![0.0; n];
        for (row, [concordant, discordant, tied]) in partners.into_iter().enumerate() {
            let change = concordant + tied / 2.0 - estimate * (concordant + discordant + tied);
            changes[cluster.map_or(row, |cluster| cluster[row])] += rows.weight(row) * change / all;
        }
        let std_error = changes.iter().map(|change| change * change).sum::<f64>().sqrt();
        let found = concordance(rows, &score, strata, cluster).unwrap();
        assert!(tied > 0.0, "scores tie");
        let found = [found.concordant, found.discordant, found.tied_score, found.estimate, found.std_error];
        assert!(alike(&found, &[concordant, discordant, tied, estimate, std_error], 1e-12), "{found:?}");
    }
}
