//! Error messages for unknown fields.

use super::Table;

/// Returns the message for an unknown field: its quoted path, the valid names, and a spelling hint.
pub(super) fn unknown_field(name: &str, quoted_path: &str, table: &Table) -> String {
    let valid = table.names();
    let expected = match &valid[..] {
        [] => "none are expected".to_owned(),
        [one] => format!("expected {one}"),
        all => format!("expected one of {}", all.join(", ")),
    };
    let hint = nearest(name, &valid).map(|it| format!("; did you mean \"{it}\"?"));
    format!("unknown field {quoted_path}, {expected}{}", hint.unwrap_or_default())
}

/// Returns the valid name that differs only in case or in few characters.
fn nearest<'v>(name: &str, valid: &[&'v str]) -> Option<&'v str> {
    let name = name.to_lowercase();
    let max_distance = 1 + name.len() / 6;
    let distance = |it: &&str| edit_distance(&name, &it.to_lowercase());
    valid.iter().copied().min_by_key(distance).filter(|it| distance(it) <= max_distance)
}

/// Returns the Damerau-Levenshtein distance: insertions, deletions, replacements and swaps of neighbours.
fn edit_distance(a: &str, b: &str) -> usize {
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
    fn hints_only_at_similar_names() {
        let valid = ["all", "limit", "size", "HostConfig", "CapAdd"];
        for (name, expected) in [
            ("limti", Some("limit")),
            ("HostConfg", Some("HostConfig")),
            ("hostconfig", Some("HostConfig")),
            ("CapAd", Some("CapAdd")),
            ("al", Some("all")),
            ("network", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, &valid), expected, "{name}");
        }
    }
}
