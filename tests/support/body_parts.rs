//! Fields of bodies that not every API version honours.

use dockline::codec::Kind;

/// A field, and the minor numbers of the first and the last version that honour it.
pub struct Limited {
    /// Dotted, with `[]` for the items of an array and `{}` for the values of a map.
    pub path: String,
    /// 0 for all.
    pub since: u16,
    /// `u16::MAX` for all.
    pub until: u16,
}

/// The fields of a body that not every API version honours, from its table.
pub fn limited(body: &'static Kind) -> Vec<Limited> {
    fn walk(kind: &'static Kind, path: &str, found: &mut Vec<Limited>) {
        match kind {
            Kind::Optional(kind) => walk(kind, path, found),
            Kind::List(kind) => walk(kind, &format!("{path}[]"), found),
            Kind::Map(kind) => walk(kind, &format!("{path}{{}}"), found),
            Kind::Record(table) => {
                let base = table.base.iter().flat_map(|base| base.table.fields);
                for field in base.chain(table.fields) {
                    let dot = if path.is_empty() { "" } else { "." };
                    let path = format!("{path}{dot}{}", field.name());
                    walk(&field.kind, &path, found);
                    if field.is_limited() {
                        found.push(Limited { path, since: field.since, until: field.until });
                    }
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(body, "", &mut found);
    found
}
