//! Mixed models.
