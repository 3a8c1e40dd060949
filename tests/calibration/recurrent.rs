//! Recurrent events.
