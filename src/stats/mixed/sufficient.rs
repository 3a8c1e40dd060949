//! What the likelihood needs of each patient: small sums, made once.

use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;

use crate::stats::regression::Design;

/// At most two random effects: level and slope.
pub(super) const MOST_EFFECTS: usize = 2;

/// Z'Z, Z'X and Z'y of one patient, row by row.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) zz: [f64; MOST_EFFECTS * MOST_EFFECTS],
    pub(super) zx: Vec<f64>,
    pub(super) zy: [f64; MOST_EFFECTS],
}

/// The sums of all patients.
pub(super) struct Sufficient {
    pub(super) groups: Vec<Group>,
    pub(super) xx: DMatrix<f64>,
    pub(super) xy: DVector<f64>,
    pub(super) yy: f64,
    pub(super) n: usize,
    /// Columns of X.
    pub(super) p: usize,
    /// Random effects per patient.
    pub(super) q: usize,
}

impl Sufficient {
    /// `members` are the rows of each patient; `slope` the random slope's column, centred and scaled.
    pub(super) fn new(design: &Design, y: &[f64], members: &[Vec<u32>], slope: Option<&[f64]>) -> Self {
        let (p, q) = (design.p, 1 + usize::from(slope.is_some()));
        let groups = members
            .par_iter()
            .map(|rows| {
                let mut group = Group { zz: [0.0; 4], zx: vec![0.0; q * p], zy: [0.0; 2] };
                for &row in rows {
                    let row = row as usize;
                    let z = [1.0, slope.map_or(0.0, |slope| slope[row])];
                    for j in 0..q {
                        group.zy[j] += z[j] * y[row];
                        for k in 0..q {
                            group.zz[j * MOST_EFFECTS + k] += z[j] * z[k];
                        }
                        for (sum, x) in group.zx[j * p..(j + 1) * p].iter_mut().zip(design.row(row)) {
                            *sum += z[j] * x;
                        }
                    }
                }
                group
            })
            .collect();
        let (xx, xy) = design.crossproducts(|_| 1.0, y);
        Self { groups, xx, xy, yy: y.iter().map(|y| y * y).sum(), n: y.len(), p, q }
    }
}
