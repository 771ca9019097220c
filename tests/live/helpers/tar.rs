//! Small tars, and the beginnings of large ones.

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
