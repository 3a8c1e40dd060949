//! Competing events.
