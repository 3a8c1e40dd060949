//! Reading: what becomes of good, odd and bad files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::float_cmp, reason = "fixtures may panic, and scores come back as typed")]

mod accounting;
mod blocks;
mod dates;
mod formats;
mod layouts;
mod messy;
mod personal_rows;
mod places;
mod privacy;
mod programs;
mod real_study;
mod rejections;
mod relations;
mod study;
mod table;
mod unusable;
