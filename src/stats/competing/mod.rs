//! Competing events: cumulative incidence, Gray's test, subdistribution hazards.
