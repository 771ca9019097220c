//! Parsing of JSON into a [`Value`].

use std::fmt;
use std::str::FromStr;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor,
};

use super::memory::{Arena, Key, Member, Node};
use super::{MAX_DEPTH, Value, ValueError};

impl Value {
    /// Parses JSON in UTF-8.
    ///
    /// # Errors
    /// Fails with [`ValueError::Parse`] if the input is not exactly one JSON value, or is nested deeper than
    /// 100 levels.
    pub fn parse(json: &[u8]) -> Result<Value, ValueError> {
        let json = std::str::from_utf8(json).map_err(|error| ValueError::Parse {
            message: format!("not UTF-8 after {} bytes", error.valid_up_to()),
        })?;
        json.parse()
    }

    fn read<'de, D: Deserializer<'de>>(input: D, capacity: usize) -> Result<Value, D::Error> {
        let mut builder =
            Builder { arena: Arena::with_capacity(capacity), items: vec![], members: vec![] };
        let root = NodeReader { builder: &mut builder, depth: 0 }.deserialize(input)?;
        Ok(Value::from_parts(root, builder.arena))
    }
}

impl FromStr for Value {
    type Err = ValueError;

    fn from_str(json: &str) -> Result<Value, ValueError> {
        let fail = |error: serde_json::Error| ValueError::Parse { message: error.to_string() };
        // Names and short values take about twice their length in JSON.
        let mut input = serde_json::Deserializer::from_str(json);
        let value = Value::read(&mut input, 2 * json.len()).map_err(fail)?;
        input.end().map_err(fail)?;
        Ok(value)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Value, D::Error> {
        Value::read(input, 512)
    }
}

/// The state of the parser. Items and members stay on stacks until their array or object is complete and
/// moves to the arena, as one allocation.
struct Builder {
    arena: Arena,
    items: Vec<Node>,
    members: Vec<Member>,
}

struct NodeReader<'b> {
    builder: &'b mut Builder,
    depth: usize,
}

impl NodeReader<'_> {
    /// Returns the reader for a child of this node.
    fn child(&mut self) -> Result<NodeReader<'_>, &'static str> {
        if self.depth == MAX_DEPTH {
            return Err("nested deeper than 100 levels");
        }
        Ok(NodeReader { builder: self.builder, depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for NodeReader<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Node, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NodeReader<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, input: D) -> Result<Node, D::Error> {
        input.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, input: D) -> Result<Node, D::Error> {
        input.deserialize_any(self)
    }

    fn visit_bool<E>(self, it: bool) -> Result<Node, E> {
        Ok(Node::Bool(it))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(Node::int(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Uint(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Node, E> {
        Ok(Node::double(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::string(&mut self.builder.arena, text))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut input: A) -> Result<Node, A::Error> {
        let start = self.builder.items.len();
        while let Some(item) = input.next_element_seed(self.child().map_err(A::Error::custom)?)? {
            self.builder.items.push(item);
        }
        let Builder { arena, items, .. } = self.builder;
        Ok(Node::array(arena, items.drain(start..)))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut input: A) -> Result<Node, A::Error> {
        let start = self.builder.members.len();
        while let Some(key) = input.next_key_seed(KeyReader(&mut self.builder.arena))? {
            let node = input.next_value_seed(self.child().map_err(A::Error::custom)?)?;
            self.builder.members.push(Member::new(key, node));
        }
        let Builder { arena, members, .. } = self.builder;
        Ok(Node::object(arena, members.drain(start..)))
    }
}

struct KeyReader<'b>(&'b mut Arena);

impl<'de> DeserializeSeed<'de> for KeyReader<'_> {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Key, D::Error> {
        input.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeyReader<'_> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E>(self, key: &str) -> Result<Key, E> {
        Ok(Key::new(self.0, key))
    }
}
