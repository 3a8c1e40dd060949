//! The claims: guards, verdicts in both directions, and estimates worked by hand.

mod clinic_defined;
