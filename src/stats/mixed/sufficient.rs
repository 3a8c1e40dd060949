//! Each group reduced to what the likelihood needs of it.
//!
//! A rotation of a group's rows turns its random columns into a triangle R of Q rows. The rest of the rows has no random part, so
//! its cross products add up over all groups once; per group only R and the first Q rotated rows of X (C) and y (d) remain.
//! Nothing is ever subtracted, so groups that differ a million times more than their rows do lose no digits.

use nalgebra::{DMatrix, DVector};

use super::design::Design;

pub(super) type Square<const Q: usize> = [[f64; Q]; Q];

/// Rows in order of their groups.
pub(super) struct Grouping {
    /// Groups in rising order.
    pub(super) levels: Vec<usize>,
    /// Rows, group by group, in their order within each.
    pub(super) rows: Vec<usize>,
    /// Where each group begins in `rows`, and the end.
    pub(super) starts: Vec<usize>,
}

impl Grouping {
    pub(super) fn new(groups: &[usize]) -> Self {
        let mut rows: Vec<usize> = (0..groups.len()).collect();
        rows.sort_by_key(|&row| groups[row]);
        let (mut levels, mut starts) = (vec![], vec![]);
        for (position, &row) in rows.iter().enumerate() {
            if levels.last() != Some(&groups[row]) {
                levels.push(groups[row]);
                starts.push(position);
            }
        }
        starts.push(rows.len());
        Self { levels, rows, starts }
    }

    /// The groups' rows, in the order of the levels.
    pub(super) fn each(&self) -> impl Iterator<Item = &[usize]> {
        self.starts.windows(2).map(|ends| &self.rows[ends[0]..ends[1]])
    }
}

/// The sufficient statistics of all groups.
pub(super) struct Sufficient<const Q: usize> {
    pub(super) n: usize,
    pub(super) p: usize,
    /// R of each group.
    pub(super) r: Vec<Square<Q>>,
    /// C of each group, row by row.
    pub(super) c: Vec<f64>,
    /// d of each group.
    pub(super) d: Vec<[f64; Q]>,
    pub(super) within_xx: DMatrix<f64>,
    pub(super) within_xy: DVector<f64>,
    pub(super) within_yy: f64,
    /// Sum of the ranks of the groups' random columns.
    pub(super) random_rank: usize,
}

impl<const Q: usize> Sufficient<Q> {
    /// `slope` is the second random column; `mixing` leads from the parameters' coordinates to those of the columns.
    pub(super) fn new(design: &Design, grouping: &Grouping, slope: Option<&[f64]>, mixing: &Square<Q>) -> Self {
        let (p, n_groups) = (design.p, grouping.levels.len());
        let width = Q + p + 1;
        let mut statistics = Self {
            n: design.n,
            p,
            r: Vec::with_capacity(n_groups),
            c: Vec::with_capacity(n_groups * Q * p),
            d: Vec::with_capacity(n_groups),
            within_xx: DMatrix::zeros(p, p),
            within_xy: DVector::zeros(p),
            within_yy: 0.0,
            random_rank: 0,
        };
        let mut within = vec![0.0; (p + 1) * (p + 1)];
        let mut block: Vec<f64> = vec![];
        for rows in grouping.each() {
            block.clear();
            for &row in rows {
                for k in 0..Q {
                    block.push(if k == 0 { 1.0 } else { slope.map_or(0.0, |slope| slope[row]) });
                }
                block.extend_from_slice(&design.x[row * p..(row + 1) * p]);
                block.push(design.y[row]);
            }
            rotate::<Q>(&mut block, width);
            let mut r = [[0.0; Q]; Q];
            let mut d = [0.0; Q];
            for k in 0..Q {
                match block.get(k * width..(k + 1) * width) {
                    Some(row) => {
                        r[k][k..].copy_from_slice(&row[k..Q]);
                        statistics.c.extend_from_slice(&row[Q..Q + p]);
                        d[k] = row[Q + p];
                    }
                    // A group with fewer rows than random effects has rows of zeros in their place.
                    None => statistics.c.extend(std::iter::repeat_n(0.0, p)),
                }
                let column = (rows.len() as f64).sqrt();
                statistics.random_rank += usize::from(r[k][k].abs() > 1e-10 * column);
            }
            statistics.r.push(product(&r, mixing));
            statistics.d.push(d);
            for row in block.chunks_exact(width).skip(Q) {
                let row = &row[Q..];
                for (a, sums) in row.iter().zip(within.chunks_exact_mut(p + 1)) {
                    for (sum, b) in sums.iter_mut().zip(row) {
                        *sum += a * b;
                    }
                }
            }
        }
        for j in 0..p {
            for k in 0..p {
                statistics.within_xx[(j, k)] = within[j * (p + 1) + k];
            }
            statistics.within_xy[j] = within[j * (p + 1) + p];
        }
        statistics.within_yy = within[p * (p + 1) + p];
        statistics
    }
}

pub(super) fn product<const Q: usize>(a: &Square<Q>, b: &Square<Q>) -> Square<Q> {
    let mut out = [[0.0; Q]; Q];
    for i in 0..Q {
        for j in 0..Q {
            out[i][j] = (0..Q).map(|k| a[i][k] * b[k][j]).sum();
        }
    }
    out
}

/// Householder's reflections of the rows, one per random column.
fn rotate<const Q: usize>(block: &mut [f64], width: usize) {
    let n = block.len() / width;
    for k in 0..Q.min(n) {
        let below: f64 = (k + 1..n).map(|row| block[row * width + k].powi(2)).sum();
        let head = block[k * width + k];
        if below <= 0.0 {
            continue;
        }
        let norm = (head * head + below).sqrt();
        let pivot = if head > 0.0 { -norm } else { norm };
        // v = column − pivot e; v·v / 2 = pivot (pivot − head).
        let first = head - pivot;
        let half = -pivot * first;
        for column in k + 1..width {
            let along = (first * block[k * width + column]
                + (k + 1..n).map(|row| block[row * width + k] * block[row * width + column]).sum::<f64>())
                / half;
            block[k * width + column] -= along * first;
            for row in k + 1..n {
                block[row * width + column] -= along * block[row * width + k];
            }
        }
        block[k * width + k] = pivot;
    }
}
