//! Small tars, and the beginnings of large ones.

use std::io::{self, Read};

/// A tar (ustar) of plain files, each by path and content.
pub fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = Vec::new();
    for (path, content) in files {
        tar.extend_from_slice(&tar_head(path, content.len() as u64));
        tar.extend_from_slice(content);
        tar.resize(tar.len().next_multiple_of(512), 0);
    }
    tar.resize(tar.len() + 1024, 0);
    tar
}

/// What stands in a tar before the content of a plain file.
pub fn tar_head(path: &str, length: u64) -> [u8; 512] {
    let mut head = [0; 512];
    let mut field = |at: usize, text: &str| {
        head[at..at + text.len()].copy_from_slice(text.as_bytes());
    };
    field(0, path);
    field(100, "0000755");
    field(108, "0000000");
    field(116, "0000000");
    field(124, &format!("{length:011o}"));
    field(136, "00000000000");
    // The sum is taken with blanks in its own place.
    field(148, "        ");
    field(156, "0");
    field(257, "ustar");
    field(263, "00");
    let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
    head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    head
}

/// Reads a tar up to the content of its first file; the length of that.
pub fn first_file(tar: &mut impl Read) -> u64 {
    loop {
        let mut head = [0; 512];
        tar.read_exact(&mut head).unwrap();
        let octal = std::str::from_utf8(&head[124..135]).unwrap();
        let length = u64::from_str_radix(octal.trim(), 8).unwrap();
        match head[156] {
            // What does not fit into the head stands before it.
            b'x' | b'g' => {
                io::copy(&mut tar.take(length.next_multiple_of(512)), &mut io::sink()).unwrap()
            }
            _ => return length,
        };
    }
}
