//! The chapters of the header: one for each file of `src/ffi` with exported functions, in the order of its `mod` lines.

use super::Sources;

/// A chapter.
pub struct Chapter {
    pub title: String,
    /// The text below the title, for C programmers.
    pub introduction: Vec<String>,
    /// The names of its functions, in order.
    pub functions: Vec<String>,
}

/// All chapters, in order.
pub fn chapters(sources: &Sources) -> Vec<Chapter> {
    let mut chapters = Vec::new();
    read("src/ffi/mod.rs", sources, &mut chapters);
    chapters.retain(|chapter| !chapter.functions.is_empty());
    chapters
}

fn read(path: &str, sources: &Sources, chapters: &mut Vec<Chapter>) {
    let text = sources.text(path);
    let docs: Vec<&str> =
        text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim_end).collect();
    let (title, introduction) = docs.split_first().unwrap_or((&"", &[]));
    // An example in the module's own documentation is not a function.
    let code = text.lines().filter(|line| !line.starts_with("//!"));
    let functions =
        code.filter_map(|line| line.split_once("extern \"C\" fn ")?.1.split('(').next());
    chapters.push(Chapter {
        title: title.trim().trim_end_matches('.').to_owned(),
        introduction: introduction.iter().skip(1).map(|it| (*it).to_owned()).collect(),
        functions: functions.map(str::to_owned).collect(),
    });
    let dir = path.trim_end_matches("mod.rs");
    let modules = text.lines().filter_map(|line| {
        let line = line.trim_start_matches("pub(super) ").trim_start_matches("pub(in crate::ffi) ");
        line.strip_prefix("mod ")?.strip_suffix(';')
    });
    for module in modules {
        let [file, own_dir] = [format!("{dir}{module}.rs"), format!("{dir}{module}/mod.rs")];
        read(if sources.has(&file) { &file } else { &own_dir }, sources, chapters);
    }
}
