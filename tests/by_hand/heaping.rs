//! Preferred numbers.

use staywell::stats::heaping;

#[test]
fn a_value_is_held_against_the_mean_of_its_neighbors() {
    // 12 over (4 + 8) / 2 = 2.
    let found = heaping(&[0, 4, 12, 8], 2).unwrap();
    assert_eq!((found.count, found.neighbors, found.ratio), (12, 12, 2.0));
    // Frequencies on a straight line prefer nothing, however steep: 50 over (90 + 10) / 2.
    assert_eq!(heaping(&[90, 50, 10], 1).unwrap().ratio, 1.0);
}

#[test]
fn ends_of_the_scale_and_values_without_neighbors_are_not_judged() {
    let counts = [5, 0, 7, 0, 3];
    assert_eq!((heaping(&counts, 0), heaping(&counts, 4), heaping(&counts, 9), heaping(&[], 0)), (None, None, None, None));
    assert_eq!(heaping(&counts, 2), None);
    assert_eq!(heaping(&counts, 1).unwrap().ratio, 0.0);
}
