//! Which statistics, by which conventions, and what this version does not do.

use super::super::document::Block;
use super::SectionKind;
use crate::domain::Counted;
use crate::study::Study;

pub(super) const SECTION: SectionKind = SectionKind { id: "methods", title: "Methods and limits", build };

fn build(study: &Study) -> Vec<Block> {
    let covariates = &study.recurrence.covariates;
    let mut methods = vec![
        "Curves: Kaplan–Meier with Greenwood errors and log–log limits, pointwise. At equal times recurrences come before censorings; at risk \
         means just before the day; a median on a flat stretch is its middle."
            .to_owned(),
        "Weights: stabilized, of keeping the exercise up and of staying followed; strategies by clone, censor and weight; errors by patient."
            .to_owned(),
        "Groups: log-rank test; restricted mean recurrence-free days with a normal interval; hazard ratio by a Cox model with Efron ties and \
         model-based errors."
            .to_owned(),
        "Shares have Wilson intervals, means t intervals; quantiles are of type 7; standard deviations divide by n − 1; p values are two-sided."
            .to_owned(),
    ];
    if study.recurrence.counted() == Counted::Programs {
        methods.push(
            "A patient may have several programs, each analyzed by itself: its sessions and pain are those from its start to the day before the \
             patient's next program, which also ends its follow-up. Where a patient contributes more than one program, standard errors of \
             hazard ratios, curves and restricted means are robust ones with patients as clusters, and the log-rank test is the robust score \
             test of the Cox model. Intervals of means and shares, and the smallest detectable hazard ratio, take programs as independent."
                .to_owned(),
        );
    }
    methods.push(if covariates.names.is_empty() {
        "Hazard ratios are not adjusted: no covariate is logged.".to_owned()
    } else {
        let listed: Vec<String> =
            covariates.names.iter().zip(&covariates.sources).map(|(name, source)| format!("{name} ({source})")).collect();
        format!("Hazard ratios are adjusted for {}.", listed.join("; "))
    });
    methods.extend(covariates.left_out.iter().map(|left_out| format!("Not adjusted for {left_out}.")));
    vec![
        Block::List(methods),
        Block::Heading("What these numbers cannot say".to_owned()),
        Block::List(vec![
            "Nobody was assigned to keep exercising. A landmark removes immortal time and a lag blunts reverse causation; neither makes the two \
             groups alike."
                .to_owned(),
            "Only patients who completed the program and reached remission are compared, which already depends on how they did.".to_owned(),
            "A hazard ratio assumes the groups' hazards keep their proportion. The checks under the answer say whether these logs speak against \
             it; the restricted mean beside it does not need it."
                .to_owned(),
            "A recurrence can only be seen where pain is logged: those who log less have fewer chances to show one.".to_owned(),
            "In curves and hazard ratios surgery, new programs and deaths end follow-up as censorings, as if nobody had them; what share of those at \
             risk did recur, with these beside it, stands under \"What ended the time at risk\"."
                .to_owned(),
        ]),
    ]
}
