//! Secrets in memory: wiped when dropped, and redacted by `Debug`.

use std::borrow::Borrow;
use std::fmt;
use std::fs::File;
use std::io;
use std::mem::MaybeUninit;
use std::ops::Deref;
use std::path::Path;

use zeroize::Zeroize;

use crate::codec::leaf::{leaf, serde_impls};
use crate::codec::{Leaf, Scalar};

/// A secret string, such as a password or a token.
///
/// It is created from a string by `into()`, and dereferences to `str`. `Debug` redacts it, `Display` is not
/// implemented, and its memory is wiped when it is dropped.
///
/// ```
/// use dockline::model::SecretString;
/// let password: SecretString = "hunter2".into();
/// assert_eq!(&*password, "hunter2");
/// assert_eq!(format!("{password:?}"), "[redacted]");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SecretString(String);

impl Deref for SecretString {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for SecretString {
    fn borrow(&self) -> &str {
        self
    }
}

impl PartialEq<str> for SecretString {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for SecretString {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl From<&str> for SecretString {
    fn from(text: &str) -> SecretString {
        SecretString(text.to_owned())
    }
}

impl From<String> for SecretString {
    /// Takes ownership of the string, without a copy that would remain in memory.
    fn from(text: String) -> SecretString {
        SecretString(text)
    }
}

impl fmt::Debug for SecretString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "\"\"" } else { "[redacted]" })
    }
}

leaf!(SecretString);
serde_impls!(SecretString);

impl Leaf for SecretString {
    fn set(&mut self, value: Scalar<'_>) -> Result<(), String> {
        let Scalar::Str(text) = value else { return Err("a string".to_owned()) };
        *self = text.into();
        Ok(())
    }

    fn get(&self, pass: &mut dyn FnMut(Scalar<'_>)) {
        pass(Scalar::Str(self));
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn is_secret(&self) -> bool {
        true
    }
}

impl Drop for SecretString {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// A buffer for secret bytes, which wipes its old memory when it grows.
#[derive(Default)]
pub(crate) struct SecretBytes(Vec<u8>);

impl SecretBytes {
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.reserve(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// Reads a whole file.
    pub(crate) fn read_file(path: &Path) -> io::Result<SecretBytes> {
        let (mut file, mut bytes) = (File::open(path)?, SecretBytes::default());
        while bytes.read_some(&mut file)? > 0 {}
        Ok(bytes)
    }

    /// Appends the result of one `read`. Returns 0 at the end.
    pub(crate) fn read_some(&mut self, reader: &mut impl io::Read) -> io::Result<usize> {
        const READ_SIZE: usize = 4096;
        let length = self.0.len();
        self.reserve(READ_SIZE);
        self.0.resize(length + READ_SIZE, 0);
        let read = reader.read(&mut self.0[length..]);
        self.0.truncate(length + *read.as_ref().unwrap_or(&0));
        read
    }

    /// Shortens the buffer to `length`, and wipes the rest.
    pub(crate) fn truncate(&mut self, length: usize) {
        if let Some(rest) = self.0.get_mut(length..) {
            wipe(rest);
            self.0.truncate(length);
        }
    }

    /// Makes room for `additional` more bytes.
    fn reserve(&mut self, additional: usize) {
        let needed = self.0.len() + additional;
        if needed > self.0.capacity() {
            // `Vec::reserve` would free the old memory without wiping it.
            let mut grown = Vec::with_capacity(needed.max(2 * self.0.capacity()).max(256));
            grown.extend_from_slice(&self.0);
            wipe(&mut self.0);
            self.0 = grown;
        }
    }
}

impl From<Vec<u8>> for SecretBytes {
    fn from(bytes: Vec<u8>) -> SecretBytes {
        SecretBytes(bytes)
    }
}

impl Deref for SecretBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for SecretBytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} bytes]", self.len())
    }
}

impl io::Write for SecretBytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.push(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for SecretBytes {
    fn drop(&mut self) {
        wipe(&mut self.0);
        self.0.spare_capacity_mut().fill(MaybeUninit::zeroed());
        zeroize::optimization_barrier(&self.0);
    }
}

/// As `Zeroize`, but not byte by byte: all request bodies are wiped here, whatever their size.
fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    zeroize::optimization_barrier(bytes);
}
