//! Messages on names that a table does not have.

use super::Table;

/// What is wrong with an unknown `name`, which stands at `place`, and what would be right.
pub(super) fn unknown(name: &str, place: &str, table: &Table) -> String {
    let known = table.names();
    let expected = match &known[..] {
        [] => "none are expected".to_owned(),
        [one] => format!("expected {one}"),
        all => format!("expected one of {}", all.join(", ")),
    };
    let hint = nearest(name, &known).map(|it| format!("; did you mean \"{it}\"?"));
    format!("unknown field {place}, {expected}{}", hint.unwrap_or_default())
}

/// The known name that differs by a letter or two, or by case only.
fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let name = name.to_lowercase();
    let close = 1 + name.len() / 6;
    let distance = |it: &&str| distance(&name, &it.to_lowercase());
    known.iter().copied().min_by_key(distance).filter(|it| distance(it) <= close)
}

/// The number of letters to add, drop, replace or swap with their neighbour to turn `a` into `b`.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<_>, Vec<_>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut best = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(rows[i - 2][j - 2] + 1);
                }
                best
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_is_near() {
        let known = ["all", "limit", "size", "HostConfig", "CapAdd"];
        for (name, expected) in [
            ("limti", Some("limit")),
            ("HostConfg", Some("HostConfig")),
            ("hostconfig", Some("HostConfig")),
            ("CapAd", Some("CapAdd")),
            ("al", Some("all")),
            ("network", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, &known), expected, "{name}");
        }
    }
}
