//! Bytes: escaping, comparison, framing, generated content.

use std::fmt::Write as _;
use std::io::{self, Read};
use std::sync::OnceLock;

/// Returns bytes as one readable line: printable ASCII unchanged, the rest as `\r`, `
/// `, `\t`, `\xNN`.
pub fn escape(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string().replace("\\'", "'").replace("\\\"", "\"")
}

/// Describes the first difference, with both sides line by line and the byte marked. `None` if they
/// are equal.
pub fn difference(expected: &[u8], got: &[u8]) -> Option<String> {
    if expected == got {
        return None;
    }
    let shorter = expected.len().min(got.len());
    let at = expected.iter().zip(got).position(|(a, b)| a != b).unwrap_or(shorter);
    let byte = |bytes: &[u8]| match bytes.get(at) {
        Some(b) => format!("'{}'", escape(&[*b])),
        None => "the end".to_string(),
    };
    Some(format!(
        "first difference at byte {at}: expected {}, got {}\nexpected ({} bytes):\n{}got ({} bytes):\n{}",
        byte(expected),
        byte(got),
        expected.len(),
        show(expected, at),
        got.len(),
        show(got, at),
    ))
}

/// Returns escaped rows, broken after each newline, with a caret under the byte `at`. Only the rows
/// around it are included.
fn show(bytes: &[u8], at: usize) -> String {
    const WIDTH: usize = 100;
    const AROUND: usize = 6;
    let mut rows: Vec<(usize, &[u8])> = Vec::new();
    let mut start = 0;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let mut rest = line;
        while !rest.is_empty() {
            let mut width = 0;
            let fits = rest.iter().take_while(|byte| {
                width += byte.escape_ascii().len();
                width <= WIDTH
            });
            let (row, more) = rest.split_at(fits.count());
            rows.push((start, row));
            start += row.len();
            rest = more;
        }
    }
    if rows.is_empty() {
        rows.push((0, b""));
    }
    let marked = rows.iter().rposition(|(start, _)| *start <= at).unwrap_or(0);
    let first = marked.saturating_sub(AROUND);
    let last = (marked + AROUND + 1).min(rows.len());
    let mut text = String::new();
    if first > 0 {
        writeln!(text, "  … {first} rows before").unwrap();
    }
    for (index, (start, row)) in rows[first..last].iter().enumerate() {
        writeln!(text, "  | {}", escape(row)).unwrap();
        if first + index == marked {
            let column = escape(&row[..(at - start).min(row.len())]).len();
            writeln!(text, "    {}^", " ".repeat(column)).unwrap();
        }
    }
    if last < rows.len() {
        writeln!(text, "  … {} rows after", rows.len() - last).unwrap();
    }
    text
}

/// Returns the head of a request or a response: the lines, each ended by CR LF, and the empty line.
pub fn head<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(line);
        text.push_str("\r\n");
    }
    text + "\r\n"
}

/// Returns one chunk of a chunked body.
pub fn chunk(data: impl AsRef<[u8]>) -> Vec<u8> {
    let data = data.as_ref();
    assert!(!data.is_empty(), "an empty chunk would end the body: use last_chunk()");
    let mut bytes = format!("{:x}\r\n", data.len()).into_bytes();
    bytes.extend_from_slice(data);
    bytes.extend_from_slice(b"\r\n");
    bytes
}

/// Returns the end of a chunked body.
pub fn last_chunk() -> &'static [u8] {
    b"0\r\n\r\n"
}

/// Returns a whole chunked body with one chunk for each item.
pub fn chunked<T: AsRef<[u8]>>(items: impl IntoIterator<Item = T>) -> Vec<u8> {
    let mut bytes: Vec<u8> = items.into_iter().flat_map(chunk).collect();
    bytes.extend_from_slice(last_chunk());
    bytes
}

/// Returns a whole chunked body of JSON lines, as the engine sends progress and events: each object
/// with its CR LF is a chunk.
pub fn json_lines<'a>(objects: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    chunked(objects.into_iter().map(|object| format!("{object}\r\n")))
}

/// Returns a frame of a multiplexed stream: an 8-byte header and the payload. Streams are 0
/// (stdin), 1 (stdout), 2 (stderr) and 3 (an error of the engine).
pub fn frame(stream: u8, payload: impl AsRef<[u8]>) -> Vec<u8> {
    let payload = payload.as_ref();
    let mut bytes = vec![stream, 0, 0, 0];
    bytes.extend_from_slice(&u32::try_from(payload.len()).unwrap().to_be_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

/// Generated content that both sides can produce, so that gigabytes are compared without being
/// stored. It is a `Read` of `length` bytes; the receiver checks it with [`Pattern::check`].
///
/// The period is prime, so lost, repeated and shifted blocks are detected.
pub struct Pattern {
    offset: u64,
    length: u64,
}

const PERIOD: usize = 65_521;

impl Pattern {
    /// Creates the pattern of `length` bytes.
    pub fn new(length: u64) -> Pattern {
        Pattern { offset: 0, length }
    }

    /// Returns the pattern as a vector.
    pub fn bytes(length: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(length);
        Pattern::new(length as u64).read_to_end(&mut bytes).unwrap();
        bytes
    }

    /// Returns the longest contiguous part that is next.
    pub fn piece(&self) -> &'static [u8] {
        static BLOCK: OnceLock<Vec<u8>> = OnceLock::new();
        let block = BLOCK.get_or_init(|| {
            let mut state = 0x2545_f491_4f6c_dd1d_u64;
            let next = |_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state >> 32) as u8
            };
            (0..PERIOD).map(next).collect()
        });
        let from = (self.offset % PERIOD as u64) as usize;
        let remaining = self.length - self.offset;
        &block[from..block.len().min(from + remaining.min(PERIOD as u64) as usize)]
    }

    /// Skips `count` bytes.
    pub fn advance(&mut self, count: usize) {
        self.offset += count as u64;
    }

    /// Checks that `bytes` are next, and advances.
    pub fn check(&mut self, mut bytes: &[u8]) -> Result<(), String> {
        while !bytes.is_empty() {
            let piece = self.piece();
            if piece.is_empty() {
                return Err(format!("{} bytes more than {}", bytes.len(), self.length));
            }
            let count = piece.len().min(bytes.len());
            if piece[..count] != bytes[..count] {
                let inside = difference(&piece[..count], &bytes[..count]).unwrap();
                return Err(format!("wrong content after byte {}: {inside}", self.offset));
            }
            self.advance(count);
            bytes = &bytes[count..];
        }
        Ok(())
    }

    /// Checks that the pattern is complete.
    pub fn complete(&self) -> Result<(), String> {
        match self.offset == self.length {
            true => Ok(()),
            false => Err(format!("{} bytes, expected {}", self.offset, self.length)),
        }
    }
}

impl Read for Pattern {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let piece = self.piece();
        let count = piece.len().min(buffer.len());
        buffer[..count].copy_from_slice(&piece[..count]);
        self.advance(count);
        Ok(count)
    }
}

/// A digest for comparing content (64-bit FNV-1a). It detects accidental differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(u64);

impl Digest {
    /// Creates the digest of no bytes.
    pub fn new() -> Digest {
        Digest(0xcbf2_9ce4_8422_2325)
    }

    /// Returns the digest of bytes.
    pub fn of(bytes: &[u8]) -> Digest {
        let mut digest = Digest::new();
        digest.update(bytes);
        digest
    }

    /// Adds bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        self.0 = bytes.iter().fold(self.0, step);
    }
}
