//! The fields of bodies, read from the codec tables.

use dockline::codec::{Field, Kind};

/// A part of a body: the body itself, a field, the items of an array, or the values of a map.
#[derive(Debug, Clone)]
pub struct BodyPart {
    /// Dotted, with `[]` for the items of an array and `{}` for the values of a map.
    pub path: String,
    pub kind: &'static Kind,
    /// The field, if the part is one.
    pub field: Option<&'static Field>,
    /// Minor number of the first API version that honours the field and all fields around it; 0 for all.
    pub since: u16,
    /// Minor number of the last such API version; `u16::MAX` for all.
    pub until: u16,
}

/// Returns all parts of a body. Children come before their parents.
pub fn body_parts(body: &'static Kind) -> Vec<BodyPart> {
    fn walk(part: BodyPart, found: &mut Vec<BodyPart>) {
        let path = &part.path;
        let mut child = |path, kind| walk(BodyPart { path, kind, field: None, ..part }, found);
        match part.kind {
            Kind::Optional(kind) => return walk(BodyPart { kind, ..part }, found),
            Kind::List(kind) => child(format!("{path}[]"), kind),
            Kind::Map(kind) => child(format!("{path}{{}}"), kind),
            Kind::Tree(_) => child(format!("{path}[]"), &Kind::Any),
            Kind::Record(table) => {
                let base = table.base.iter().flat_map(|base| base.table.fields);
                for field in base.chain(table.fields) {
                    let dot = if path.is_empty() { "" } else { "." };
                    let field_part = BodyPart {
                        path: format!("{path}{dot}{}", field.name()),
                        kind: &field.kind,
                        field: Some(field),
                        since: part.since.max(field.since),
                        until: part.until.min(field.until),
                    };
                    walk(field_part, found);
                }
            }
            _ => {}
        }
        found.push(part);
    }
    let mut found = Vec::new();
    let path = String::new();
    walk(BodyPart { path, kind: body, field: None, since: 0, until: u16::MAX }, &mut found);
    found
}

/// A field that only some API versions honour.
pub struct Limited {
    /// As in [`BodyPart`].
    pub path: String,
    /// Minor number of the first version that honours the field; 0 for all.
    pub since: u16,
    /// Minor number of the last version that honours the field; `u16::MAX` for all.
    pub until: u16,
}

/// Returns the fields of a body that only some API versions honour.
pub fn limited(body: &'static Kind) -> Vec<Limited> {
    let limited = |part: BodyPart| {
        let field = part.field.filter(|field| field.is_limited())?;
        Some(Limited { path: part.path, since: field.since, until: field.until })
    };
    body_parts(body).into_iter().filter_map(limited).collect()
}
