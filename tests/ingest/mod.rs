//! Reading: what becomes of good, odd and bad files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::float_cmp, reason = "fixtures may panic, and scores come back as typed")]

mod accounting;
mod blocks;
mod dates;
mod formats;
mod layouts;
mod personal_rows;
mod privacy;
mod real_study;
mod rejections;
mod study;
mod table;
mod unusable;
