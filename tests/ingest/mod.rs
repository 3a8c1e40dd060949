//! Reading: what becomes of good, odd and bad files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::float_cmp, reason = "fixtures may panic, and scores come back as typed")]

mod accounting;
mod blocks;
mod cells;
mod containers;
mod conversion;
mod dates;
mod details;
mod exports;
mod formats;
mod headers;
mod layouts;
mod layouts_missing;
mod layouts_spoiled;
mod measures;
mod messy;
mod mutations;
mod numbers;
mod personal_rows;
mod places;
mod plain;
mod privacy;
mod programs;
mod pseudonyms;
mod real_study;
mod redcap;
mod redcap_dictionary;
mod rejections;
mod relations;
mod study;
mod table;
mod unusable;
mod weekly;
mod wide;
