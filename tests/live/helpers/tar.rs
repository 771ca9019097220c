//! Small tars, and headers for large ones.

use std::io::{self, Read};

/// Returns a tar (ustar) of regular files, given as path and content.
pub fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = Vec::new();
    for (path, content) in files {
        tar.extend_from_slice(&tar_header(path, content.len() as u64));
        tar.extend_from_slice(content);
        tar.resize(tar.len().next_multiple_of(512), 0);
    }
    tar.resize(tar.len() + 1024, 0);
    tar
}

/// Returns the header of a regular file.
pub fn tar_header(path: &str, length: u64) -> [u8; 512] {
    let mut header = [0; 512];
    let mut field = |at: usize, text: &str| {
        header[at..at + text.len()].copy_from_slice(text.as_bytes());
    };
    field(0, path);
    field(100, "0000755");
    field(108, "0000000");
    field(116, "0000000");
    field(124, &format!("{length:011o}"));
    field(136, "00000000000");
    // The checksum is computed with blanks in its own field.
    field(148, "        ");
    field(156, "0");
    field(257, "ustar");
    field(263, "00");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}

/// Reads a tar up to the content of its first regular file; returns its length.
pub fn first_file(tar: &mut impl Read) -> u64 {
    loop {
        let mut header = [0; 512];
        tar.read_exact(&mut header).unwrap();
        let octal = std::str::from_utf8(&header[124..135]).unwrap();
        let length = u64::from_str_radix(octal.trim(), 8).unwrap();
        match header[156] {
            // Extended headers precede the file.
            b'x' | b'g' => {
                io::copy(&mut tar.take(length.next_multiple_of(512)), &mut io::sink()).unwrap()
            }
            _ => return length,
        };
    }
}
