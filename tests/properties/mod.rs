//! What must hold whatever the data.

mod survival;
