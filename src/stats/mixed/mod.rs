//! Linear mixed models: patients that differ in level and slope.
