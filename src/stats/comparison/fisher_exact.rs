//! Fisher's exact test of a table of any size.

use std::collections::BTreeMap;

use super::contingency::without_empty_lines;
use super::odds_ratio_exact::EQUAL;
use crate::stats::distributions::log_gamma;
use crate::stats::error::StatsError;
use crate::stats::hypothesis::TestResult;

/// Steps along the ways after which the table is called too large, and fillings of single columns.
const MOST_WORK: usize = 200_000_000;
const MOST_FILLINGS: usize = 4_000_000;

const TOO_LARGE: StatsError =
    StatsError::NotPossible { what: "Fisher's exact test", reason: "too many tables have these row and column totals" };

/// One way, or several alike, to fill the next column.
struct Step {
    /// The node it leads to, one level on.
    to: usize,
    /// Log of 1/Π cell!.
    log: f64,
    /// How many fillings are alike.
    ways: f64,
}

/// What the columns so far leave of the row totals, in ascending order, as rows may change places.
struct Node {
    steps: Vec<Step>,
    /// Log of 1/Π cell! of the likeliest and of the unlikeliest way to the end.
    likeliest: f64,
    unlikeliest: f64,
    /// Log of the sum of 1/Π cell! over all ways to the end.
    all: f64,
}

/// The ways from the start to one node: log of 1/Π cell!, and how many have it.
type Pasts = Vec<(f64, f64)>;

/// Puts together what has the same log, to far less than the tolerance of the comparison.
fn merge(pasts: &mut Pasts) {
    pasts.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    pasts.dedup_by(|next, kept| {
        let same = next.0 - kept.0 < 1e-10;
        if same {
            kept.1 += next.1;
        }
        same
    });
}

/// Fisher's exact test (Freeman–Halton) of independence in a table of counts.
///
/// # Formula
/// ```text
/// p = Σ P(table) over all tables with these margins and P(table) ≤ P(observed) (1 + 1e-7)
/// P(table) = Π row! Π column! / (n! Π cell!)
/// ```
/// column by column. Ways that leave the same row totals at the same probability are taken together, and followed no further once all
/// or none of what they lead to is as unlikely as the observed table.
///
/// # Conventions
/// The statistic is the probability of the observed table.
///
/// # Edge cases
/// Rows and columns without counts are left out.
///
/// # Errors
/// [`StatsError::NotPossible`] if the table has too many others with its margins to go through, [`StatsError::OneGroup`],
/// [`StatsError::EmptySample`], [`StatsError::LengthMismatch`].
///
/// # Agrees with
/// R `fisher.test(table)$p.value`.
///
/// # References
/// Freeman & Halton (1951), Biometrika 38:141–149; Mehta & Patel (1983), JASA 78:427–434.
pub fn fisher_exact(table: &[Vec<u64>]) -> Result<TestResult, StatsError> {
    let mut table = without_empty_lines(table)?;
    if table.len() > table[0].len() {
        table = (0..table[0].len()).map(|column| table.iter().map(|row| row[column]).collect()).collect();
    }
    let mut columns: Vec<u64> = (0..table[0].len()).map(|column| table.iter().map(|row| row[column]).sum()).collect();
    // The largest column last: it is never gone through.
    columns.sort_unstable();
    let mut rows: Vec<u64> = table.iter().map(|row| row.iter().sum()).collect();
    rows.sort_unstable();
    let largest = rows.iter().copied().max().unwrap_or(0);
    if largest as usize > MOST_FILLINGS {
        return Err(TOO_LARGE);
    }
    let log_factorials: Vec<f64> = (0..=largest).map(|count| log_gamma(count as f64 + 1.0)).collect();
    let log_factorial = |count: u64| log_factorials[count as usize];
    // Logs of 1/Π cell!; the margins are the same for all.
    let observed: f64 = -table.iter().flatten().map(|&count| log_factorial(count)).sum::<f64>();
    let limit = observed + EQUAL.ln_1p();
    let levels = network(&rows, &columns, &log_factorials)?;
    let total = levels[0][0].all;
    let mut extreme = 0.0;
    // Settles what lies ahead of a node at once, where all or none of it is extreme; else says that it must be followed.
    let mut open = |node: &Node, log: f64, ways: f64| {
        if log + node.likeliest <= limit {
            extreme += ways * (log + node.all - total).exp();
            return false;
        }
        log + node.unlikeliest <= limit
    };
    let mut work = 0;
    let mut level_pasts: Vec<Pasts> = vec![if open(&levels[0][0], 0.0, 1.0) { vec![(0.0, 1.0)] } else { vec![] }];
    for (level, ahead) in levels.iter().zip(&levels[1..]) {
        let mut next: Vec<Pasts> = ahead.iter().map(|_| Pasts::new()).collect();
        let mut merged_at = vec![64; next.len()];
        for (node, pasts) in level.iter().zip(&mut level_pasts) {
            merge(pasts);
            work += pasts.len() * node.steps.len();
            if work > MOST_WORK {
                return Err(TOO_LARGE);
            }
            for step in &node.steps {
                let (target, reached) = (&ahead[step.to], &mut next[step.to]);
                for &(log, ways) in pasts.iter() {
                    let (log, ways) = (log + step.log, ways * step.ways);
                    if open(target, log, ways) {
                        reached.push((log, ways));
                    }
                }
                if reached.len() >= merged_at[step.to] {
                    merge(reached);
                    merged_at[step.to] = 2 * reached.len().max(32);
                }
            }
        }
        level_pasts = next;
    }
    Ok(TestResult { method: "Fisher's exact test", statistic: (observed - total).exp(), df: None, p_value: extreme.min(1.0) })
}

/// All nodes, level by level, with the ways between them; the last level stands before the last column, which is then determined.
fn network(rows: &[u64], columns: &[u64], log_factorials: &[f64]) -> Result<Vec<Vec<Node>>, StatsError> {
    let log_weight = |cells: &[u64]| -cells.iter().map(|&count| log_factorials[count as usize]).sum::<f64>();
    let mut keys: Vec<Vec<u64>> = vec![rows.to_vec()];
    let mut steps: Vec<Vec<Vec<Step>>> = Vec::new();
    let mut work = 0;
    for &column in &columns[..columns.len() - 1] {
        let mut places: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
        let mut level = Vec::with_capacity(keys.len());
        for left in &keys {
            let mut found: Vec<Step> = Vec::new();
            let mut cells = vec![0; left.len()];
            fill(left, column, 0, &mut cells, &mut |cells| {
                work += 1;
                let mut rest: Vec<u64> = left.iter().zip(cells).map(|(total, count)| total - *count).collect();
                rest.sort_unstable();
                let place = places.len();
                let to = *places.entry(rest).or_insert(place);
                found.push(Step { to, log: log_weight(cells), ways: 1.0 });
                work <= MOST_FILLINGS
            });
            if work > MOST_FILLINGS {
                return Err(TOO_LARGE);
            }
            found.sort_unstable_by(|a, b| a.to.cmp(&b.to).then(a.log.total_cmp(&b.log)));
            found.dedup_by(|next, kept| {
                let same = next.to == kept.to && next.log - kept.log < 1e-10;
                if same {
                    kept.ways += next.ways;
                }
                same
            });
            level.push(found);
        }
        steps.push(level);
        let mut ordered: Vec<(Vec<u64>, usize)> = places.into_iter().collect();
        ordered.sort_unstable_by_key(|entry| entry.1);
        keys = ordered.into_iter().map(|entry| entry.0).collect();
    }
    let ends = keys.iter().map(|left| log_weight(left));
    let mut levels: Vec<Vec<Node>> = vec![ends.map(|log| Node { steps: vec![], likeliest: log, unlikeliest: log, all: log }).collect()];
    for level in steps.into_iter().rev() {
        let Some(ahead) = levels.last() else { break };
        let nodes = level.into_iter().map(|steps| {
            let over = |of: fn(&Node) -> f64| steps.iter().map(move |step| step.log + of(&ahead[step.to]));
            let likeliest = over(|node| node.likeliest).fold(f64::NEG_INFINITY, f64::max);
            let unlikeliest = over(|node| node.unlikeliest).fold(f64::INFINITY, f64::min);
            let sum: f64 = steps.iter().map(|step| step.ways * (step.log + ahead[step.to].all - likeliest).exp()).sum();
            let all = likeliest + sum.ln();
            Node { steps, likeliest, unlikeliest, all }
        });
        let nodes = nodes.collect();
        levels.push(nodes);
    }
    levels.reverse();
    Ok(levels)
}

/// Goes through all columns with this total that the row totals allow, until `visit` says stop.
fn fill(left: &[u64], total: u64, row: usize, cells: &mut [u64], visit: &mut impl FnMut(&[u64]) -> bool) -> bool {
    if row + 1 == left.len() {
        cells[row] = total;
        return total > left[row] || visit(cells);
    }
    let room: u64 = left[row + 1..].iter().sum();
    for count in total.saturating_sub(room)..=total.min(left[row]) {
        cells[row] = count;
        if !fill(left, total - count, row + 1, cells, visit) {
            return false;
        }
    }
    true
}
