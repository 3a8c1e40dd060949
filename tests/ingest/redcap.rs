//! REDCap exports.
