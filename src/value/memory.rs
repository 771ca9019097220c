//! The memory of a [`Value`]. All `unsafe` code of the module is in this file.
//!
//! The nodes and strings of a tree are stored in one [`Arena`]. So a response takes a few allocations,
//! which are freed together, and C programs can hold pointers to nodes. Soundness depends on these
//! invariants:
//!
//! 1. An arena does not move or free its allocations until it is dropped.
//! 2. A [`Node`] that is not a scalar points into one arena. It is only stored next to this arena: in the
//!    same [`Document`], or in the parser that fills the arena. Nodes are not copied, and do not leave this
//!    directory: other code receives a [`Value`], which owns its document, or a borrow of one.
//! 3. A string is `len` bytes of UTF-8 followed by a NUL. A list is `len` initialised items, in an
//!    allocation for at least `len` items.
//! 4. Nodes are only modified through a `&mut` to the document that holds them.

use std::alloc::{self, Layout};
use std::ops::Range;
use std::ptr::NonNull;
use std::{mem, slice, str};

/// Blocks of memory that are filled from both ends: with nodes from the front, with strings from the back.
/// So strings need no padding for the alignment of nodes.
pub(super) struct Arena {
    blocks: Vec<Block>,
    /// Start of the free bytes in the last block.
    front: usize,
    /// End of the free bytes in the last block.
    back: usize,
    /// Size of the next block.
    next_size: usize,
    used: usize,
}

struct Block {
    start: NonNull<u8>,
    layout: Layout,
    /// The bytes without nodes or strings. Set when the block is complete.
    free: Range<usize>,
}

const ALIGN: usize = align_of::<Member>();

impl Arena {
    /// Returns an arena whose first block has `bytes` bytes. The block is allocated when it is needed.
    pub(super) fn with_capacity(bytes: usize) -> Arena {
        Arena { blocks: Vec::new(), front: 0, back: 0, next_size: bytes.max(64), used: 0 }
    }

    /// Returns the number of bytes allocated so far.
    pub(super) fn used(&self) -> usize {
        self.used
    }

    /// Copies a string, and appends a NUL.
    fn add_str(&mut self, text: &str) -> (NonNull<u8>, u32) {
        let len = u32::try_from(text.len()).expect("a string is shorter than 4 GiB");
        self.reserve(text.len() + 1);
        self.back -= text.len() + 1;
        let start = self.pointer(self.back);
        // SAFETY: `reserve` made room for the string and its NUL; no other allocation uses it.
        unsafe {
            start.copy_from_nonoverlapping(NonNull::from(text.as_bytes()).cast(), text.len());
            start.add(text.len()).write(0);
        }
        (start, len)
    }

    /// Allocates a list for `capacity` items, without initialising them.
    fn allocate_list<T>(&mut self, capacity: usize) -> NonNull<T> {
        const { assert!(align_of::<T>() <= ALIGN && size_of::<T>() % ALIGN == 0) };
        let bytes = capacity.checked_mul(size_of::<T>()).expect("a list fits in memory");
        self.reserve(bytes);
        let start = self.pointer(self.front);
        self.front += bytes;
        start.cast()
    }

    /// Moves the items into a new list.
    fn add_list<T>(&mut self, items: impl ExactSizeIterator<Item = T>) -> (NonNull<T>, u32) {
        let capacity = items.len();
        let start = self.allocate_list::<T>(capacity);
        let mut len = 0;
        for item in items.take(capacity) {
            // SAFETY: `len` is less than the capacity.
            unsafe { start.add(len).write(item) };
            len += 1;
        }
        (start, list_length(len))
    }

    /// Returns a pointer into the last block.
    fn pointer(&self, offset: usize) -> NonNull<u8> {
        match self.blocks.last() {
            // SAFETY: `front` and `back` are at most the size of the last block.
            Some(block) => unsafe { block.start.add(offset) },
            // Only for lists without items.
            None => NonNull::<Member>::dangling().cast(),
        }
    }

    /// Stores the free bytes of the last block before another block becomes the last one.
    fn complete_block(&mut self) {
        if let Some(block) = self.blocks.last_mut() {
            block.free = self.front..self.back;
        }
    }

    fn reserve(&mut self, bytes: usize) {
        self.used += bytes;
        if self.back - self.front >= bytes {
            return;
        }
        let size = self.next_size.max(bytes).next_multiple_of(ALIGN);
        let layout = Layout::from_size_align(size, ALIGN).expect("a value fits in memory");
        // SAFETY: the size is not 0, since `next_size` is never 0.
        let Some(start) = NonNull::new(unsafe { alloc::alloc(layout) }) else {
            alloc::handle_alloc_error(layout)
        };
        self.complete_block();
        self.blocks.push(Block { start, layout, free: 0..0 });
        (self.front, self.back) = (0, size);
        self.next_size = size.saturating_mul(2);
    }
}

impl Drop for Arena {
    /// Zeroizes the memory, because a value may hold a password.
    fn drop(&mut self) {
        self.complete_block();
        for block in &self.blocks {
            let Range { start, end } = block.free;
            // SAFETY: both ranges are within the block, which `reserve` allocated with this layout; nodes
            // own nothing outside of the arena.
            unsafe {
                block.start.write_bytes(0, start);
                block.start.add(end).write_bytes(0, block.layout.size() - end);
                zeroize::optimization_barrier(block.start.as_ref());
                alloc::dealloc(block.start.as_ptr(), block.layout);
            }
        }
    }
}

/// A value in the tree. 16 bytes.
pub(super) enum Node {
    Null,
    Bool(bool),
    /// A negative integer; see [`Node::int`].
    Int(i64),
    Uint(u64),
    /// A finite number; see [`Node::double`].
    Double(f64),
    String {
        len: u32,
        start: NonNull<u8>,
    },
    /// `grown` is true if [`push`] allocated the list; it determines the [`capacity`].
    Array {
        grown: bool,
        len: u32,
        start: NonNull<Node>,
    },
    Object {
        grown: bool,
        len: u32,
        start: NonNull<Member>,
    },
    /// The root of a document. Only a [`Value`] that owns its document holds this node.
    Owned(NonNull<Document>),
}

/// A member of an object. 32 bytes.
pub(crate) struct Member {
    key: Key,
    node: Node,
}

/// The name of a member, stored in the arena.
pub(super) struct Key {
    len: u32,
    start: NonNull<u8>,
}

/// A borrowed value, for `match`.
#[derive(Clone, Copy)]
pub(crate) enum View<'a> {
    Null,
    Bool(bool),
    /// A negative integer; others are `Uint`.
    Int(i64),
    Uint(u64),
    Double(f64),
    Str(&'a str),
    Array(&'a [Value]),
    Object(&'a [Member]),
}

impl Node {
    pub(super) fn int(number: i64) -> Node {
        u64::try_from(number).map_or(Node::Int(number), Node::Uint)
    }

    /// Returns null for NaN and the infinities, since JSON cannot represent them.
    pub(super) fn double(number: f64) -> Node {
        if number.is_finite() { Node::Double(number) } else { Node::Null }
    }

    pub(super) fn string(arena: &mut Arena, text: &str) -> Node {
        let (start, len) = arena.add_str(text);
        Node::String { len, start }
    }

    pub(super) fn array(
        arena: &mut Arena,
        items: impl IntoIterator<IntoIter: ExactSizeIterator<Item = Node>>,
    ) -> Node {
        let (start, len) = arena.add_list(items.into_iter());
        Node::Array { grown: false, len, start }
    }

    pub(super) fn object(
        arena: &mut Arena,
        members: impl IntoIterator<IntoIter: ExactSizeIterator<Item = Member>>,
    ) -> Node {
        let (start, len) = arena.add_list(members.into_iter());
        Node::Object { grown: false, len, start }
    }

    pub(super) fn view(&self) -> View<'_> {
        match *self {
            Node::Null => View::Null,
            Node::Bool(it) => View::Bool(it),
            Node::Int(it) => View::Int(it),
            Node::Uint(it) => View::Uint(it),
            Node::Double(it) => View::Double(it),
            // SAFETY: invariants 2 and 3; `Value` is a transparent `Node`.
            Node::String { len, start } => View::Str(unsafe { string(start, len) }),
            Node::Array { len, start, .. } => View::Array(unsafe { items(start.cast(), len) }),
            Node::Object { len, start, .. } => View::Object(unsafe { items(start, len) }),
            // SAFETY: the value owns the document.
            Node::Owned(document) => unsafe { &*document.as_ptr() }.root.view(),
        }
    }

    /// Returns the items of an array. Empty for other nodes.
    pub(super) fn items_mut(&mut self) -> &mut [Node] {
        match *self {
            // SAFETY: invariants 2 to 4.
            Node::Array { len, start, .. } => unsafe { items_mut(start, len) },
            _ => &mut [],
        }
    }

    /// Returns the members of an object. Empty for other nodes.
    pub(super) fn members_mut(&mut self) -> &mut [Member] {
        match *self {
            // SAFETY: invariants 2 to 4.
            Node::Object { len, start, .. } => unsafe { items_mut(start, len) },
            _ => &mut [],
        }
    }

    /// Appends to an array. `arena` must be the arena of this node.
    pub(super) fn push_item(&mut self, arena: &mut Arena, item: Node) {
        if let Node::Array { grown, len, start } = self {
            // SAFETY: invariants 2 to 4.
            unsafe { push(arena, grown, len, start, item) }
        }
    }

    /// Appends to an object. `arena` must be the arena of this node.
    pub(super) fn push_member(&mut self, arena: &mut Arena, member: Member) {
        if let Node::Object { grown, len, start } = self {
            // SAFETY: invariants 2 to 4.
            unsafe { push(arena, grown, len, start, member) }
        }
    }

    /// Removes the item or member at the index, which must exist.
    pub(super) fn remove(&mut self, index: usize) {
        match self {
            Node::Array { len, start, .. } => remove(len, *start, index),
            Node::Object { len, start, .. } => remove(len, *start, index),
            _ => {}
        }
    }
}

impl Member {
    pub(super) fn new(key: Key, node: Node) -> Member {
        Member { key, node }
    }

    pub(crate) fn key(&self) -> &str {
        // SAFETY: invariants 2 and 3.
        unsafe { string(self.key.start, self.key.len) }
    }

    pub(crate) fn value(&self) -> &Value {
        self.node.value()
    }

    pub(super) fn node_mut(&mut self) -> &mut Node {
        &mut self.node
    }

    /// Returns the name, which a NUL follows, and its length without the NUL.
    #[cfg(feature = "capi")]
    pub(crate) fn key_for_c(&self) -> (NonNull<u8>, usize) {
        (self.key.start, self.key.len as usize)
    }
}

impl Key {
    pub(super) fn new(arena: &mut Arena, key: &str) -> Key {
        let (start, len) = arena.add_str(key);
        Key { len, start }
    }
}

/// A tree and its memory.
pub(super) struct Document {
    pub(super) root: Node,
    pub(super) arena: Arena,
    /// Size of the arena at which the tree is copied into a new one, without the nodes that changes have
    /// replaced. Twice the size of the tree, so that the cost of copying is amortized.
    limit: usize,
}

impl Document {
    pub(super) fn new(root: Node, arena: Arena) -> Document {
        let limit = 2 * arena.used() + 4096;
        Document { root, arena, limit }
    }

    pub(super) fn needs_compaction(&self) -> bool {
        self.arena.used() > self.limit
    }
}

/// A JSON value: an ordered, dictionary-like tree.
///
/// It represents JSON without a type in this library, such as responses of raw requests. C programs receive
/// every response as a value.
///
/// Parts are addressed by JSON Pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)), such as
/// `/State/Health/Status` or `/Names/0`. Within a name, `~1` stands for `/` and `~0` for `~`.
///
/// Members keep their order. Of several members with the same name the last one counts. Integers from −2⁶³
/// to 2⁶⁴−1 are exact. Arrays and objects can be nested 100 levels deep.
///
/// ```
/// use dockline::Value;
///
/// let mut value = Value::parse(br#"{"Id": "4f1c", "Names": ["/web"], "SizeRw": 12}"#)?;
/// assert_eq!(value.get("/Names/0").and_then(Value::as_str), Some("/web"));
/// assert_eq!(value.get("/SizeRw").and_then(Value::as_i64), Some(12));
/// value.set("/State/Status", "running")?;
/// assert_eq!(value.require("/State/Health/Status", dockline::ValueType::String).unwrap_err().to_string(),
///     r#"no "/State/Health/Status": "/State" has no member "Health""#);
/// # Ok::<(), dockline::ValueError>(())
/// ```
///
/// The tree is stored in a few blocks of memory, which are zeroized and freed together.
#[repr(transparent)]
pub struct Value(pub(super) Node);

impl Value {
    /// Returns the value with this tree. `arena` must be the arena of `root`.
    pub(super) fn from_parts(root: Node, arena: Arena) -> Value {
        Value::from_document(Document::new(root, arena))
    }

    fn from_document(document: Document) -> Value {
        Value(Node::Owned(NonNull::from(Box::leak(Box::new(document)))))
    }

    /// Returns the document, which is created for a scalar.
    pub(super) fn document_mut(&mut self) -> &mut Document {
        if !matches!(self.0, Node::Owned(_)) {
            // Only roots are lent as `&mut`, and a root in an arena has a document. So this is a scalar
            // without one.
            let root = mem::replace(&mut self.0, Node::Null);
            *self = Value::from_parts(root, Arena::with_capacity(256));
        }
        match self.0 {
            // SAFETY: the value owns the document, and `self` is borrowed mutably.
            Node::Owned(document) => unsafe { &mut *document.as_ptr() },
            _ => unreachable!(),
        }
    }

    /// Returns the string, which a NUL follows, and its length without the NUL.
    #[cfg(feature = "capi")]
    pub(crate) fn text_for_c(&self) -> Option<(NonNull<u8>, usize)> {
        match self.0 {
            Node::String { len, start } => Some((start, len as usize)),
            // SAFETY: the value owns the document.
            Node::Owned(document) => match unsafe { &*document.as_ptr() }.root {
                Node::String { len, start } => Some((start, len as usize)),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Node {
    fn value(&self) -> &Value {
        // SAFETY: `Value` is a transparent `Node`.
        unsafe { &*(self as *const Node).cast() }
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        if let Node::Owned(document) = self.0 {
            // SAFETY: `from_document` leaked the box, and this value is its only owner.
            drop(unsafe { Box::from_raw(document.as_ptr()) })
        }
    }
}

// SAFETY: a value owns everything it points to, and modifies it only through `&mut`.
unsafe impl Send for Value {}
unsafe impl Sync for Value {}

/// # Safety
/// `start` points to `len` bytes of UTF-8 that live and stay unchanged for `'a`.
unsafe fn string<'a>(start: NonNull<u8>, len: u32) -> &'a str {
    unsafe { str::from_utf8_unchecked(slice::from_raw_parts(start.as_ptr(), len as usize)) }
}

/// # Safety
/// `start` points to `len` items that live and stay unchanged for `'a`.
unsafe fn items<'a, T>(start: NonNull<T>, len: u32) -> &'a [T] {
    unsafe { slice::from_raw_parts(start.as_ptr(), len as usize) }
}

/// # Safety
/// `start` points to `len` items that live and have no other reference for `'a`.
unsafe fn items_mut<'a, T>(start: NonNull<T>, len: u32) -> &'a mut [T] {
    unsafe { slice::from_raw_parts_mut(start.as_ptr(), len as usize) }
}

/// Returns a lower bound of the number of items that fit into a list.
fn capacity(grown: bool, len: u32) -> usize {
    if grown { (len as usize).next_power_of_two().max(4) } else { len as usize }
}

/// # Safety
/// `grown`, `len` and `start` belong to a list in `arena`.
unsafe fn push<T>(
    arena: &mut Arena,
    grown: &mut bool,
    len: &mut u32,
    start: &mut NonNull<T>,
    item: T,
) {
    let count = *len as usize;
    if count == capacity(*grown, *len) {
        let list = arena.allocate_list(capacity(true, list_length(count + 1)));
        // SAFETY: the new list is larger than the old one and does not overlap it. Items are moved: the
        // old list is not used again.
        unsafe { list.copy_from_nonoverlapping(*start, count) };
        (*start, *grown) = (list, true);
    }
    // SAFETY: the list has room for another item.
    unsafe { start.add(count).write(item) };
    *len += 1;
}

fn remove<T>(len: &mut u32, start: NonNull<T>, index: usize) {
    let count = *len as usize;
    assert!(index < count);
    // SAFETY: the items after the index, which are moved, are initialised and part of the list.
    unsafe { start.add(index).copy_from(start.add(index + 1), count - index - 1) };
    *len -= 1;
}

fn list_length(count: usize) -> u32 {
    u32::try_from(count).expect("a list has fewer than 2³² items")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_small() {
        assert_eq!(size_of::<Node>(), 16);
        assert_eq!(size_of::<Member>(), 32);
        assert_eq!(size_of::<Value>(), 16);
    }

    #[test]
    fn strings_end_with_nul_and_do_not_overlap() {
        let mut arena = Arena::with_capacity(0);
        let added: Vec<_> = (0..300)
            .map(|n| {
                let expected = "x".repeat(n % 40);
                let list = arena.add_list((0..n as u32 % 7).map(|it| Node::Uint(it.into())));
                (arena.add_str(&expected), expected, list)
            })
            .collect();
        for (n, ((start, len), expected, (list, items))) in added.into_iter().enumerate() {
            // SAFETY: the arena is alive.
            unsafe {
                assert_eq!(string(start, len), expected);
                assert_eq!(start.add(len as usize).read(), 0);
                for (i, item) in super::items(list, items).iter().enumerate() {
                    assert!(matches!(item, Node::Uint(it) if *it == i as u64), "{n}");
                }
            }
        }
    }
}
