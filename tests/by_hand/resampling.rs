//! Bootstrap and agreement.
