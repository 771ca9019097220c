//! A [`Value`], and where it keeps its nodes and texts. All `unsafe` code of the value is here.
//!
//! A tree lives in one [`Arena`], so that a response costs a handful of allocations and is freed at
//! once, and so that C can hold pointers to nodes. What makes this sound:
//!
//! 1. An arena never moves or frees what it handed out before it is dropped itself.
//! 2. A [`Node`] that is not a scalar points into one arena, and is only kept beside it: in the same
//!    [`Document`], or by the reader that fills it. Nodes are neither copied nor handed out of this
//!    directory; what leaves it is a [`Value`], which owns its document, or a borrow of one.
//! 3. A text is `len` bytes of UTF-8 and a NUL. A list is `len` initialised items, in a room for at
//!    least that many.
//! 4. Nodes change only through `&mut` to the document they are in.

use std::alloc::{self, Layout};
use std::ops::Range;
use std::ptr::NonNull;
use std::{mem, slice, str};

/// Blocks of memory, filled from both ends: nodes from the front, texts from the back, so that
/// neither has to be padded for the other.
pub(super) struct Arena {
    blocks: Vec<Block>,
    /// Free bytes of the last block.
    front: usize,
    back: usize,
    /// Size of the next block.
    next: usize,
    used: usize,
}

struct Block {
    at: NonNull<u8>,
    layout: Layout,
    /// What is free between nodes and texts, once the next block is in use.
    free: Range<usize>,
}

const ALIGN: usize = align_of::<Member>();

impl Arena {
    /// An arena whose first block, made when it is needed, has room for `bytes`.
    pub(super) fn with_capacity(bytes: usize) -> Arena {
        Arena { blocks: Vec::new(), front: 0, back: 0, next: bytes.max(64), used: 0 }
    }

    /// Bytes handed out so far.
    pub(super) fn used(&self) -> usize {
        self.used
    }

    /// Copies the text and puts a NUL behind it.
    fn text(&mut self, text: &str) -> (NonNull<u8>, u32) {
        let len = u32::try_from(text.len()).expect("a text of a value is shorter than 4 GiB");
        self.reserve(text.len() + 1);
        self.back -= text.len() + 1;
        let at = self.last(self.back);
        // SAFETY: `reserve` made room for the text and its NUL; nobody else has that room.
        unsafe {
            at.copy_from_nonoverlapping(NonNull::from(text.as_bytes()).cast(), text.len());
            at.add(text.len()).write(0);
        }
        (at, len)
    }

    /// Room for `capacity` items, not initialised.
    fn room<T>(&mut self, capacity: usize) -> NonNull<T> {
        const { assert!(align_of::<T>() <= ALIGN && size_of::<T>() % ALIGN == 0) };
        let bytes = capacity.checked_mul(size_of::<T>()).expect("a list fits in memory");
        self.reserve(bytes);
        let at = self.last(self.front);
        self.front += bytes;
        at.cast()
    }

    /// Moves the items into a list of its own.
    fn list<T>(&mut self, items: impl ExactSizeIterator<Item = T>) -> (NonNull<T>, u32) {
        let room = items.len();
        let at = self.room::<T>(room);
        let mut len = 0;
        for item in items.take(room) {
            // SAFETY: `len` is less than the room.
            unsafe { at.add(len).write(item) };
            len += 1;
        }
        (at, length(len))
    }

    fn last(&self, offset: usize) -> NonNull<u8> {
        match self.blocks.last() {
            // SAFETY: `front` and `back` are at most the size of the last block.
            Some(block) => unsafe { block.at.add(offset) },
            // Only for lists without items.
            None => NonNull::<Member>::dangling().cast(),
        }
    }

    /// Notes how far the last block is filled.
    fn seal(&mut self) {
        if let Some(block) = self.blocks.last_mut() {
            block.free = self.front..self.back;
        }
    }

    fn reserve(&mut self, bytes: usize) {
        self.used += bytes;
        if self.back - self.front >= bytes {
            return;
        }
        let size = self.next.max(bytes).next_multiple_of(ALIGN);
        let layout = Layout::from_size_align(size, ALIGN).expect("a value fits in memory");
        // SAFETY: the size is not 0, as `next` never is.
        let Some(at) = NonNull::new(unsafe { alloc::alloc(layout) }) else {
            alloc::handle_alloc_error(layout)
        };
        self.seal();
        self.blocks.push(Block { at, layout, free: 0..0 });
        (self.front, self.back) = (0, size);
        self.next = size.saturating_mul(2);
    }
}

impl Drop for Arena {
    /// Wipes all that was handed out: a value may hold a password.
    fn drop(&mut self) {
        self.seal();
        for block in &self.blocks {
            let Range { start, end } = block.free;
            // SAFETY: both parts are within the block; it was allocated in `reserve` with this layout;
            // nodes own nothing outside the arena.
            unsafe {
                block.at.write_bytes(0, start);
                block.at.add(end).write_bytes(0, block.layout.size() - end);
                zeroize::optimization_barrier(block.at.as_ref());
                alloc::dealloc(block.at.as_ptr(), block.layout);
            }
        }
    }
}

/// One value of the tree. 16 bytes.
pub(super) enum Node {
    Null,
    Bool(bool),
    /// Less than 0; see [`Node::int`].
    Int(i64),
    Uint(u64),
    /// Finite; see [`Node::double`].
    Double(f64),
    String {
        len: u32,
        at: NonNull<u8>,
    },
    /// `grown`: was made by [`push`], which leaves room, see [`capacity`].
    Array {
        grown: bool,
        len: u32,
        at: NonNull<Node>,
    },
    Object {
        grown: bool,
        len: u32,
        at: NonNull<Member>,
    },
    /// The tree is in a document of its own. Only ever directly in a [`Value`].
    Owned(NonNull<Document>),
}

/// A member of an object. 32 bytes.
pub(crate) struct Member {
    key: Key,
    node: Node,
}

/// The name of a member, in the arena.
pub(super) struct Key {
    len: u32,
    at: NonNull<u8>,
}

/// A value to look at. Borrowed from the root.
#[derive(Clone, Copy)]
pub(crate) enum View<'a> {
    Null,
    Bool(bool),
    /// Less than 0: what is not is `Uint`.
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

    /// Null for what JSON has no number for.
    pub(super) fn double(number: f64) -> Node {
        if number.is_finite() { Node::Double(number) } else { Node::Null }
    }

    pub(super) fn text(arena: &mut Arena, text: &str) -> Node {
        let (at, len) = arena.text(text);
        Node::String { len, at }
    }

    pub(super) fn array(
        arena: &mut Arena,
        items: impl IntoIterator<IntoIter: ExactSizeIterator<Item = Node>>,
    ) -> Node {
        let (at, len) = arena.list(items.into_iter());
        Node::Array { grown: false, len, at }
    }

    pub(super) fn object(
        arena: &mut Arena,
        members: impl IntoIterator<IntoIter: ExactSizeIterator<Item = Member>>,
    ) -> Node {
        let (at, len) = arena.list(members.into_iter());
        Node::Object { grown: false, len, at }
    }

    pub(super) fn view(&self) -> View<'_> {
        match *self {
            Node::Null => View::Null,
            Node::Bool(it) => View::Bool(it),
            Node::Int(it) => View::Int(it),
            Node::Uint(it) => View::Uint(it),
            Node::Double(it) => View::Double(it),
            // SAFETY: invariants 2 and 3; `Value` is a transparent `Node`.
            Node::String { len, at } => View::Str(unsafe { text(at, len) }),
            Node::Array { len, at, .. } => View::Array(unsafe { items(at.cast(), len) }),
            Node::Object { len, at, .. } => View::Object(unsafe { items(at, len) }),
            // SAFETY: the value owns the document.
            Node::Owned(document) => unsafe { &*document.as_ptr() }.root.view(),
        }
    }

    /// The items of an array; none of other nodes.
    pub(super) fn items_mut(&mut self) -> &mut [Node] {
        match *self {
            // SAFETY: invariants 2 to 4.
            Node::Array { len, at, .. } => unsafe { items_mut(at, len) },
            _ => &mut [],
        }
    }

    /// The members of an object; none of other nodes.
    pub(super) fn members_mut(&mut self) -> &mut [Member] {
        match *self {
            // SAFETY: invariants 2 to 4.
            Node::Object { len, at, .. } => unsafe { items_mut(at, len) },
            _ => &mut [],
        }
    }

    /// Appends to an array. The arena is the one this node is in.
    pub(super) fn push_item(&mut self, arena: &mut Arena, item: Node) {
        if let Node::Array { grown, len, at } = self {
            // SAFETY: invariants 2 to 4.
            unsafe { push(arena, grown, len, at, item) }
        }
    }

    /// Appends to an object. The arena is the one this node is in.
    pub(super) fn push_member(&mut self, arena: &mut Arena, member: Member) {
        if let Node::Object { grown, len, at } = self {
            // SAFETY: invariants 2 to 4.
            unsafe { push(arena, grown, len, at, member) }
        }
    }

    /// Takes out the item or member at the index, which there must be.
    pub(super) fn remove(&mut self, index: usize) {
        match self {
            Node::Array { len, at, .. } => remove(len, *at, index),
            Node::Object { len, at, .. } => remove(len, *at, index),
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
        unsafe { text(self.key.at, self.key.len) }
    }

    pub(crate) fn value(&self) -> &Value {
        self.node.value()
    }

    pub(super) fn node_mut(&mut self) -> &mut Node {
        &mut self.node
    }

    /// The key with its NUL, and its length without.
    #[cfg(feature = "capi")]
    pub(crate) fn key_for_c(&self) -> (NonNull<u8>, usize) {
        (self.key.at, self.key.len as usize)
    }
}

impl Key {
    pub(super) fn new(arena: &mut Arena, key: &str) -> Key {
        let (at, len) = arena.text(key);
        Key { len, at }
    }
}

/// A tree and the memory it is in.
pub(super) struct Document {
    pub(super) root: Node,
    pub(super) arena: Arena,
    /// What changes leave behind stays in the arena until this size is reached; then the tree is
    /// copied into a fresh one. It is twice the size of the tree, so that copying costs no more
    /// than filling did.
    limit: usize,
}

impl Document {
    pub(super) fn new(root: Node, arena: Arena) -> Document {
        let limit = 2 * arena.used() + 4096;
        Document { root, arena, limit }
    }

    pub(super) fn is_wasteful(&self) -> bool {
        self.arena.used() > self.limit
    }
}

/// A JSON value: an ordered, dictionary-like tree.
///
/// It holds what an engine says that this library has no type for: answers of raw calls, fields of
/// newer engines; and it is how C programs see every response. Parts are looked up by JSON Pointer
/// ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)): `/State/Health/Status`, `/Names/0`; within
/// a name `~1` stands for `/` and `~0` for `~`.
///
/// Members keep their order. Integers from −2⁶³ to 2⁶⁴−1 are exact. A name that an object has twice
/// counts as its last occurrence. Arrays and objects nest at most 100 levels deep.
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
/// The whole tree lies in a few blocks of memory which are freed together.
#[repr(transparent)]
pub struct Value(pub(super) Node);

impl Value {
    /// The value whose tree is in this arena.
    pub(super) fn from_parts(root: Node, arena: Arena) -> Value {
        Value::from_document(Document::new(root, arena))
    }

    fn from_document(document: Document) -> Value {
        Value(Node::Owned(NonNull::from(Box::leak(Box::new(document)))))
    }

    /// The document, to change it.
    pub(super) fn document(&mut self) -> &mut Document {
        if !matches!(self.0, Node::Owned(_)) {
            // A scalar: only roots are lent as `&mut`, and a root with storage has a document.
            let root = mem::replace(&mut self.0, Node::Null);
            *self = Value::from_parts(root, Arena::with_capacity(256));
        }
        match self.0 {
            // SAFETY: the value owns the document, and we have the value for ourselves.
            Node::Owned(document) => unsafe { &mut *document.as_ptr() },
            _ => unreachable!(),
        }
    }

    /// The text with its NUL, and its length without.
    #[cfg(feature = "capi")]
    pub(crate) fn text_for_c(&self) -> Option<(NonNull<u8>, usize)> {
        match self.0 {
            Node::String { len, at } => Some((at, len as usize)),
            // SAFETY: the value owns the document.
            Node::Owned(document) => match unsafe { &*document.as_ptr() }.root {
                Node::String { len, at } => Some((at, len as usize)),
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
            // SAFETY: leaked from a box in `from_document`, and this is its only owner.
            drop(unsafe { Box::from_raw(document.as_ptr()) })
        }
    }
}

// SAFETY: a value owns all that it points to, and changes it through `&mut` only.
unsafe impl Send for Value {}
unsafe impl Sync for Value {}

/// # Safety
/// `at` points to `len` bytes of UTF-8 that live and stay unchanged for `'a`.
unsafe fn text<'a>(at: NonNull<u8>, len: u32) -> &'a str {
    unsafe { str::from_utf8_unchecked(slice::from_raw_parts(at.as_ptr(), len as usize)) }
}

/// # Safety
/// `at` points to `len` items that live and stay unchanged for `'a`.
unsafe fn items<'a, T>(at: NonNull<T>, len: u32) -> &'a [T] {
    unsafe { slice::from_raw_parts(at.as_ptr(), len as usize) }
}

/// # Safety
/// `at` points to `len` items that live and are nobody else's for `'a`.
unsafe fn items_mut<'a, T>(at: NonNull<T>, len: u32) -> &'a mut [T] {
    unsafe { slice::from_raw_parts_mut(at.as_ptr(), len as usize) }
}

/// Items there is at least room for.
fn capacity(grown: bool, len: u32) -> usize {
    if grown { (len as usize).next_power_of_two().max(4) } else { len as usize }
}

/// # Safety
/// The other arguments are those of a list in this arena.
unsafe fn push<T>(
    arena: &mut Arena,
    grown: &mut bool,
    len: &mut u32,
    at: &mut NonNull<T>,
    item: T,
) {
    let count = *len as usize;
    if count == capacity(*grown, *len) {
        let room = arena.room(capacity(true, length(count + 1)));
        // SAFETY: the room is larger than the list and not a part of it. Items are moved: the old
        // ones are never looked at again.
        unsafe { room.copy_from_nonoverlapping(*at, count) };
        (*at, *grown) = (room, true);
    }
    // SAFETY: there is room for one more.
    unsafe { at.add(count).write(item) };
    *len += 1;
}

fn remove<T>(len: &mut u32, at: NonNull<T>, index: usize) {
    let count = *len as usize;
    assert!(index < count);
    // SAFETY: moves the initialised items behind the index one down.
    unsafe { at.add(index).copy_from(at.add(index + 1), count - index - 1) };
    *len -= 1;
}

fn length(count: usize) -> u32 {
    u32::try_from(count).expect("a list of a value has fewer than 2³² items")
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
    fn texts_end_with_nul_and_never_overlap() {
        let mut arena = Arena::with_capacity(0);
        let kept: Vec<_> = (0..300)
            .map(|n| {
                let expected = "x".repeat(n % 40);
                let list = arena.list((0..n as u32 % 7).map(|it| Node::Uint(it.into())));
                (arena.text(&expected), expected, list)
            })
            .collect();
        for (n, ((at, len), expected, (list, items))) in kept.into_iter().enumerate() {
            // SAFETY: the arena is alive.
            unsafe {
                assert_eq!(text(at, len), expected);
                assert_eq!(at.add(len as usize).read(), 0);
                for (i, item) in super::items(list, items).iter().enumerate() {
                    assert!(matches!(item, Node::Uint(it) if *it == i as u64), "{n}");
                }
            }
        }
    }
}
