//! The weights and what comes of them against R 4.2 with survival 3.5-3, on made-up follow-ups.
//!
//! ```r
//! s <- 12345
//! draw <- function() { s <<- (16807 * s) %% 2147483647; s / 2147483647 }
//! people <- NULL; rows <- NULL
//! for (i in 0:399) {
//!   x <- floor(10 * draw()); z <- as.numeric(draw() < 0.4)
//!   a <- as.numeric(draw() < plogis(-0.3 + 0.15 * x - 0.9 * z))
//!   people <- rbind(people, data.frame(id = i, x, z, a))
//!   for (k in 0:11) {
//!     pain <- floor(3 * draw()) / 2; logs <- 2 + floor(4 * draw())
//!     u <- draw(); v <- draw(); day <- 28 * k + 1 + floor(28 * draw())
//!     event <- u < plogis(-2.4 + 0.6 * z - 0.5 * a + 0.4 * pain)
//!     lost <- !event && v < plogis(-3.2 + 0.8 * z + 0.7 * pain - 0.3 * a)
//!     ends <- event || lost
//!     rows <- rbind(rows, data.frame(id = i, from = 28 * k, to = ifelse(ends, day, 28 * (k + 1)), event, lost, pain,
//!                                    painful = as.numeric(pain > 0.5), logs, x, z, a))
//!     if (ends) break
//!   }
//! }
//! people$sq <- ((people$x - mean(people$x)) / sqrt(mean((people$x - mean(people$x))^2)))^2
//! cut <- function(w) { q <- quantile(w, c(0.01, 0.99), type = 7); pmin(pmax(w, q[1]), q[2]) }
//! ctl <- glm.control(epsilon = 1e-14, maxit = 100)
//! e <- fitted(glm(a ~ x + z + sq, binomial, people, control = ctl)); p <- mean(people$a)
//! people$wa <- cut(ifelse(people$a == 1, p / e, (1 - p) / (1 - e)))
//! rows$t <- rows$from / 365.25; rows$t2 <- rows$t^2
//! num <- fitted(glm(lost ~ t + t2 + a, binomial, rows, control = ctl))
//! den <- fitted(glm(lost ~ t + t2 + a + x + z + pain + painful + logs, binomial, rows, control = ctl))
//! before <- ave((1 - num) / (1 - den), rows$id, FUN = function(v) c(1, cumprod(v)[-length(v)]))
//! rows$wc <- cut(before); rows$w <- people$wa[match(rows$id, people$id)] * rows$wc
//! coxph(Surv(from, to, event) ~ a, rows, weights = w, cluster = id, control = coxph.control(eps = 1e-12))
//! # and by arm survfit(Surv(from, to, event) ~ 1, d, weights = w); residuals(·, times = 300, type = "pstate" or "rmst") times the
//! # weights, summed by id, squared and summed
//! ```

// Numbers as R prints them.
#![allow(clippy::unreadable_literal)]

use super::confounders::Confounders;
use super::followed::{Followed, Loss};
use super::outcome::{WeightedRow, joined, weighted_curves, weighted_ratio};
use super::staying::Stretch;
use super::treatment::treatment_weights;
use crate::cohort::Exposure;
use crate::settings::{ModelSettings, Settings};

struct Draws(u64);

impl Draws {
    fn draw(&mut self) -> f64 {
        self.0 = 16_807 * self.0 % 2_147_483_647;
        self.0 as f64 / 2_147_483_647.0
    }
}

fn logistic(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}

/// The people of the R code above: whether exposed, the confounders, and the follow-up.
fn made_up() -> (Vec<bool>, Confounders, Followed) {
    let mut draws = Draws(12_345);
    let (mut exposed, mut columns) = (Vec::new(), vec![Vec::new(), Vec::new()]);
    let mut followed = Followed { stretches: vec![], first: vec![0], recent: Default::default(), lost: 0, ended_otherwise: 0 };
    for person in 0..400 {
        let x = (10.0 * draws.draw()).floor();
        let z = f64::from(draws.draw() < 0.4);
        let a = draws.draw() < logistic(-0.3 + 0.15 * x - 0.9 * z);
        exposed.push(a);
        columns[0].push(x);
        columns[1].push(z);
        let a = f64::from(a);
        for k in 0..12 {
            let pain = (3.0 * draws.draw()).floor() / 2.0;
            let logs = 2.0 + (4.0 * draws.draw()).floor();
            let (u, v) = (draws.draw(), draws.draw());
            let day = 28 * k + 1 + (28.0 * draws.draw()).floor() as i32;
            let recurred = u < logistic(-2.4 + 0.6 * z - 0.5 * a + 0.4 * pain);
            let left = !recurred && v < logistic(-3.2 + 0.8 * z + 0.7 * pain - 0.3 * a);
            let ends = recurred || left;
            for (column, value) in followed.recent.iter_mut().zip([pain, f64::from(pain > 0.5), logs]) {
                column.push(value);
            }
            followed.lost += usize::from(left);
            let to = if ends { day } else { 28 * (k + 1) };
            followed.stretches.push(Stretch { person, from: 28 * k, to, width: 28, left, recurred });
            if ends {
                break;
            }
        }
        followed.first.push(followed.stretches.len());
    }
    let confounders = Confounders { names: vec!["x".to_owned(), "z".to_owned()], columns, complete: (0..400).collect(), dropped: vec![] };
    (exposed, confounders, followed)
}

fn close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= 1e-8 * expected.abs().max(1.0), "{found} instead of {expected}");
    }
}

#[test]
fn weights_hazard_ratio_and_curves_are_those_of_r() {
    let (exposed, confounders, followed) = made_up();
    let settings = Settings::default();
    assert_eq!((exposed.iter().filter(|&&exposed| exposed).count(), followed.stretches.len(), followed.lost), (196, 2158, 121));

    let (treatment_weights, treatment) = treatment_weights(&exposed, &confounders, 0.01, 0.95).unwrap();
    let (one, other) = (&treatment.maintained, &treatment.not_maintained);
    assert_eq!(treatment.squares, ["x, squared"]);
    close(
        &[one.mean, one.std_dev.unwrap(), one.max.max(other.max), other.effective_sample_size],
        &[1.004336159659, 0.351385915804, 1.930386262369, 186.817543510390],
    );

    let group = followed.of_person(&|person| f64::from(exposed[person]));
    let loss = Loss::of(&followed, &confounders, ("maintained", group), true, &settings).unwrap();
    let found = loss.model.weights.value().unwrap();
    close(&[found.mean, found.std_dev.unwrap(), found.min, found.max], &[0.994286053655, 0.104343340383, 0.799580787349, 1.429148286581]);

    let rows = |weight: &dyn Fn(usize) -> f64| {
        let row = |(place, stretch): (usize, &Stretch)| WeightedRow {
            patient: stretch.person,
            program: stretch.person,
            exposure: if exposed[stretch.person] { Exposure::Maintained } else { Exposure::NotMaintained },
            from: stretch.from,
            to: stretch.to,
            recurred: stretch.recurred,
            weight: weight(place),
        };
        joined(followed.stretches.iter().enumerate().map(row), 0)
    };
    let weighted = rows(&|place| treatment_weights.values[followed.stretches[place].person] * loss.weights.values[place]);
    let ratio = weighted_ratio(&weighted, 0.95).unwrap();
    assert_eq!((ratio.n, ratio.n_events), (400, 224));
    close(&[ratio.hazard_ratio, ratio.interval.lower, ratio.interval.upper], &[0.447533631444, 0.339032217401, 0.590759051775]);
    // Joined to one row a person, the unweighted rows give the same errors by person.
    let unweighted = rows(&|_| 1.0);
    assert_eq!(unweighted.len(), 400);
    close(&[weighted_ratio(&unweighted, 0.95).unwrap().hazard_ratio.ln()], &[-0.834199120973]);

    let model = ModelSettings { horizon: 300.0, ..ModelSettings::default() };
    let (groups, contrast) = weighted_curves(&weighted, ["not", "kept up"], &model).unwrap();
    let contrast = contrast.value().unwrap();
    let (survival, mean) = (&contrast.survival, &contrast.rmst);
    close(
        &[survival.first.estimate, survival.second.estimate, survival.difference.estimate],
        &[0.146123102103, 0.384372510643, 0.238249408540],
    );
    close(
        &[survival.first.std_error, survival.second.std_error, survival.difference.std_error],
        &[0.0332743905443, 0.0465508758052, 0.0572203556816],
    );
    close(&[mean.first.estimate, mean.second.estimate, mean.difference.estimate], &[138.770201507403, 209.866732654678, 71.096531147276]);
    close(&[mean.first.std_error, mean.second.std_error, mean.difference.std_error], &[8.24099876032, 8.08765088611, 11.54660804839]);
    // Intervals of follow-up are no ends of it: what is censored and recurred adds up to everybody's weight at their end.
    assert_eq!((groups[0].curve.n, groups[1].curve.n), (204, 196));
    for (group, exposure) in groups.iter().zip([false, true]) {
        let ends: f64 = (0..400)
            .filter(|&person| exposed[person] == exposure)
            .map(|person| treatment_weights.values[person] * loss.weights.values[followed.first[person + 1] - 1])
            .sum();
        let counted: f64 = group.curve.censored.iter().chain(&group.curve.events).sum();
        close(&[counted], &[ends]);
    }
}
