//! Pairs of rows that agree, disagree or tie, counted for each row in one walk back in time.

use rayon::prelude::*;

use crate::stats::survival::time_to_event::rising;

/// Weights of the partners of one row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pairs {
    pub(super) concordant: f64,
    pub(super) discordant: f64,
    pub(super) tied: f64,
}

impl Pairs {
    pub(super) fn add(&mut self, other: &Self, factor: f64) {
        self.concordant += factor * other.concordant;
        self.discordant += factor * other.discordant;
        self.tied += factor * other.tied;
    }

    pub(super) fn all(&self) -> f64 {
        self.concordant + self.discordant + self.tied
    }
}

/// Each row's place among the distinct scores.
pub(super) struct Ranks {
    pub(super) place: Vec<u32>,
    pub(super) distinct: usize,
}

impl Ranks {
    pub(super) fn new(score: &[f64]) -> Self {
        let mut place = vec![0; score.len()];
        let mut distinct = 0;
        for tied in rising(score).chunk_by(|&a, &b| score[a as usize].total_cmp(&score[b as usize]).is_eq()) {
            tied.iter().for_each(|&row| place[row as usize] = distinct);
            distinct += 1;
        }
        Self { place, distinct: distinct as usize }
    }
}

/// Rows below this many are summed one by one; the sums of blocks of them are a tree.
const BLOCK: usize = 32;

/// Weights by score, with sums below a score: a Fenwick tree over blocks.
struct Tally {
    weight: Vec<f64>,
    blocks: Vec<f64>,
    total: f64,
}

impl Tally {
    fn new(distinct: usize) -> Self {
        Self { weight: vec![0.0; distinct + 1], blocks: vec![0.0; distinct / BLOCK + 2], total: 0.0 }
    }

    fn add(&mut self, place: u32, weight: f64) {
        let place = place as usize;
        self.weight[place] += weight;
        self.total += weight;
        let mut block = place / BLOCK + 1;
        while block < self.blocks.len() {
            self.blocks[block] += weight;
            block += block & block.wrapping_neg();
        }
    }

    /// Weights with a score below, equal to and above that of a place.
    fn split(&self, place: u32) -> (f64, f64, f64) {
        let place = place as usize;
        let start = place / BLOCK;
        let (mut below, mut block) = (self.weight[start * BLOCK..place].iter().sum::<f64>(), start);
        while block > 0 {
            below += self.blocks[block];
            block &= block - 1;
        }
        let equal = self.weight[place];
        (below, equal, self.total - below - equal)
    }
}

/// A row in the order of the walk: by stratum and falling time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) time: f64,
    /// −∞ if nobody enters late.
    pub(super) entry: f64,
    pub(super) weight: f64,
    pub(super) rank: u32,
    pub(super) event: bool,
}

/// Scores of one class when there are too many for a tally that stays in the cache.
const CLASS: u32 = 1 << 10;

/// Each row's partners in one stratum. `entries` are its steps by falling entry time, or none if nobody enters late.
///
/// With many scores the pairs are counted twice over few: those of different classes of scores by class, and those within each class.
pub(super) fn count(walk: &[Step], entries: &[u32], distinct: usize) -> Vec<Pairs> {
    if distinct <= 2 * CLASS as usize {
        return count_back(walk, |step| step.rank, distinct, entries);
    }
    let n_classes = distinct.div_ceil(CLASS as usize);
    let class_of = |step: u32| (walk[step as usize].rank / CLASS) as usize;
    let across = || count_back(walk, |step| step.rank / CLASS, n_classes, entries);
    let within = || {
        let members = sorted_by_class((0..walk.len() as u32).map(|step| (class_of(step), step)), n_classes);
        let entries = sorted_by_class(entries.iter().map(|&step| (class_of(step), step)), n_classes);
        let one = |class: usize| {
            let members = members.of(class);
            let own: Vec<Step> = members.iter().map(|&step| walk[step as usize]).collect();
            // A class's steps rise, so that a step's place among them can be looked up.
            let place = |step: &u32| members.partition_point(|member| member < step) as u32;
            let entries: Vec<u32> = entries.of(class).iter().map(place).collect();
            count_back(&own, |step| step.rank % CLASS, CLASS as usize, &entries)
        };
        let counts: Vec<Vec<Pairs>> = (0..n_classes).into_par_iter().map(one).collect();
        (members, counts)
    };
    let (mut counts, (members, within)) = rayon::join(across, within);
    for (class, within) in within.iter().enumerate() {
        for (&step, pairs) in members.of(class).iter().zip(within) {
            let counts = &mut counts[step as usize];
            counts.tied = 0.0;
            counts.add(pairs, 1.0);
        }
    }
    counts
}

/// Steps by class, in their order within it.
struct ByClass {
    steps: Vec<u32>,
    starts: Vec<usize>,
}

impl ByClass {
    fn of(&self, class: usize) -> &[u32] {
        &self.steps[self.starts[class]..self.starts[class + 1]]
    }
}

fn sorted_by_class(steps: impl ExactSizeIterator<Item = (usize, u32)> + Clone, n_classes: usize) -> ByClass {
    let mut starts = vec![0; n_classes + 1];
    steps.clone().for_each(|(class, _)| starts[class + 1] += 1);
    for class in 0..n_classes {
        starts[class + 1] += starts[class];
    }
    let (mut next, mut sorted) = (starts.clone(), vec![0; steps.len()]);
    for (class, step) in steps {
        sorted[next[class]] = step;
        next[class] += 1;
    }
    ByClass { steps: sorted, starts }
}

/// Counts each row's partners, going back in time.
fn count_back(walk: &[Step], rank: impl Fn(&Step) -> u32, distinct: usize, entries: &[u32]) -> Vec<Pairs> {
    let mut counts = vec![Pairs::default(); walk.len()];
    let (mut at_risk, mut events) = (Tally::new(distinct), Tally::new(distinct));
    // As the later row of a pair: events with a higher score agree.
    let as_later = |events: &Tally, step: usize, factor: f64, counts: &mut [Pairs]| {
        let (below, equal, above) = events.split(rank(&walk[step]));
        counts[step].add(&Pairs { concordant: above, discordant: below, tied: equal }, factor);
    };
    let from_the_start = entries.is_empty();
    let mut entries = entries.iter().peekable();
    let mut start = 0;
    while start < walk.len() {
        let now = walk[start].time;
        let end = start + walk[start..].iter().take_while(|step| step.time.total_cmp(&now).is_eq()).count();
        while let Some(&step) = entries.next_if(|&&step| walk[step as usize].entry >= now) {
            let step = step as usize;
            at_risk.add(rank(&walk[step]), -walk[step].weight);
            as_later(&events, step, 1.0, &mut counts);
        }
        let with = |wanted: bool| (start..end).filter(move |&step| walk[step].event == wanted);
        for step in with(false) {
            at_risk.add(rank(&walk[step]), walk[step].weight);
            // Events after its own time are none of its pairs.
            as_later(&events, step, -1.0, &mut counts);
        }
        for step in with(true) {
            let (below, equal, above) = at_risk.split(rank(&walk[step]));
            counts[step].add(&Pairs { concordant: below, discordant: above, tied: equal }, 1.0);
        }
        for step in with(true) {
            at_risk.add(rank(&walk[step]), walk[step].weight);
            events.add(rank(&walk[step]), walk[step].weight);
        }
        for step in with(true) {
            as_later(&events, step, -1.0, &mut counts);
        }
        start = end;
    }
    if !from_the_start {
        entries.for_each(|&step| as_later(&events, step as usize, 1.0, &mut counts));
        return counts;
    }
    // Rows at risk from the start have met every event: sums below each score, made once.
    let mut below = Vec::with_capacity(events.weight.len());
    let mut sum = 0.0;
    for weight in &events.weight {
        below.push(sum);
        sum += weight;
    }
    for (step, counts) in walk.iter().zip(&mut counts) {
        let place = rank(step) as usize;
        let (below, equal) = (below[place], events.weight[place]);
        counts.add(&Pairs { concordant: sum - below - equal, discordant: below, tied: equal }, 1.0);
    }
    counts
}
