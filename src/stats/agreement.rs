//! Do two measurements of the same thing agree?
