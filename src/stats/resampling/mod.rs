//! Bootstrap: intervals for any statistic, by resampling rows or patients.
