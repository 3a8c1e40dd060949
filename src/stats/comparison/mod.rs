//! Two samples or a table: is there a difference, how large is it, do two measurements agree?
