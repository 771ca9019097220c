//! `.dockerignore`: the files of a directory that are not part of the build context.
//!
//! The docker CLI translates each pattern into a regular expression of Go. No glob library has the
//! same semantics: `**` may be a part of a path component, `a**` is a plain prefix, and character
//! classes are those of Go. This module performs the same translation, including its oddities.
//! `tests/ignore_cases` is a table of the docker CLI's results for many patterns.

use regex_lite::Regex;

/// Characters that make a pattern more than a path.
const SPECIAL: [char; 5] = ['*', '?', '[', ']', '\\'];

/// The patterns of a `.dockerignore` in order. The last pattern that matches decides.
#[derive(Debug, Default)]
pub(super) struct Ignore {
    patterns: Vec<Pattern>,
}

/// For each pattern, whether it matches a directory and thus everything in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Matches(Vec<bool>);

#[derive(Debug)]
struct Pattern {
    /// Cleaned, and without the `!`.
    text: String,
    /// The pattern began with `!`: paths that match are included again.
    exception: bool,
    matcher: Matcher,
}

#[derive(Debug)]
enum Matcher {
    /// No special characters.
    Exact,
    /// `text**`
    Prefix(String),
    /// `**text`
    Suffix(String),
    Regex(Regex),
}

impl Ignore {
    /// Parses a `.dockerignore`. The error names the malformed pattern.
    pub(super) fn parse(text: &str) -> Result<Ignore, String> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let patterns = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(|line| {
                Pattern::parse(line).ok_or_else(|| format!("the pattern {line:?} is malformed"))
            })
            .collect::<Result<_, _>>()?;
        Ok(Ignore { patterns })
    }

    /// Whether a path is excluded, and the patterns that match it. `parent` is the result for its
    /// directory.
    pub(super) fn check(&self, path: &str, parent: &Matches) -> (bool, Matches) {
        let mut ignored = false;
        let mut matches = vec![false; self.patterns.len()];
        for (index, pattern) in self.patterns.iter().enumerate() {
            matches[index] = parent.0.get(index).copied().unwrap_or(false)
                // A pattern that would not change the result is not evaluated. Its entry stays
                // false for paths below, too.
                || (pattern.exception == ignored && pattern.matches(path));
            if matches[index] {
                ignored = !pattern.exception;
            }
        }
        (ignored, Matches(matches))
    }

    /// Whether an exception may match something in an excluded directory.
    ///
    /// The client of the classic builder descends only if an exception begins with the directory's
    /// name. The client of BuildKit descends for any exception with special characters.
    pub(super) fn has_exception_in(&self, directory: &str, buildkit: bool) -> bool {
        self.patterns.iter().filter(|pattern| pattern.exception).any(|pattern| {
            let mut text = pattern.text.as_str();
            if buildkit {
                text = text.strip_suffix("/**").unwrap_or(text);
                text = text.strip_suffix("/*").unwrap_or(text);
                if text.contains(SPECIAL) || text.contains('^') {
                    return true;
                }
            }
            is_within(text, directory)
        })
    }
}

/// Whether a path is the directory or is in it.
pub(super) fn is_within(path: &str, directory: &str) -> bool {
    path.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Pattern {
    /// Parses a line without surrounding white space that is not a comment.
    fn parse(line: &str) -> Option<Pattern> {
        let (mark, text) = match line.strip_prefix('!') {
            Some(text) => ("!", text.trim()),
            None => ("", line),
        };
        let mut text = if text.is_empty() { String::new() } else { clean(text) };
        if text.len() > 1 && text.starts_with('/') {
            text.remove(0);
        }
        // The docker CLI parses the line again, and a `!` may come first only after the cleaning.
        let whole = clean(format!("{mark}{text}").trim());
        let (exception, text) = match whole.strip_prefix('!') {
            Some(text) => (true, text),
            None => (false, &*whole),
        };
        if text.is_empty() || !is_glob(text) {
            return None;
        }
        Some(Pattern { text: text.to_owned(), exception, matcher: Matcher::new(text)? })
    }

    fn matches(&self, path: &str) -> bool {
        match &self.matcher {
            Matcher::Exact => path == self.text,
            Matcher::Prefix(prefix) => path.starts_with(prefix),
            Matcher::Suffix(suffix) => {
                path.ends_with(suffix) || suffix.strip_prefix('/') == Some(path)
            }
            Matcher::Regex(regex) => regex.is_match(path),
        }
    }
}

impl Matcher {
    fn new(pattern: &str) -> Option<Matcher> {
        if let Some(suffix) = pattern.strip_prefix("**") {
            if !suffix.contains(SPECIAL) {
                return Some(Matcher::Suffix(suffix.to_owned()));
            }
        }
        if let Some(prefix) = pattern.strip_suffix("**") {
            if !prefix.contains(SPECIAL) {
                return Some(Matcher::Prefix(prefix.to_owned()));
            }
        }
        if !pattern.contains(SPECIAL) {
            return Some(Matcher::Exact);
        }
        Some(Matcher::Regex(Regex::new(&to_regex_lite(&go_regex(pattern))).ok()?))
    }
}

/// The regular expression that the docker CLI compiles for a pattern.
fn go_regex(pattern: &str) -> String {
    let mut regex = "^".to_owned();
    let mut rest = pattern.chars().peekable();
    while let Some(char) = rest.next() {
        match char {
            '*' if rest.next_if_eq(&'*').is_some() => {
                rest.next_if_eq(&'/');
                regex += if rest.peek().is_none() { ".*" } else { "(.*/)?" };
            }
            '*' => regex += "[^/]*",
            '?' => regex += "[^/]",
            '.' | '+' | '(' | ')' | '|' | '{' | '}' | '$' => regex.extend(['\\', char]),
            '\\' => regex.extend(['\\', rest.next().unwrap_or('\\')]),
            _ => regex.push(char),
        }
    }
    regex + "$"
}

/// Translates a regular expression of Go for `regex_lite`, which differs in nested classes, class
/// operators and the characters that may be escaped.
fn to_regex_lite(mut go: &str) -> String {
    let mut output = String::new();
    while let Some(char) = go.chars().next() {
        match char {
            '\\' => output += &translate_char(&mut go),
            '[' => translate_class(&mut go, &mut output),
            _ => {
                output.push(char);
                go = &go[char.len_utf8()..];
            }
        }
    }
    output
}

/// Translates a character class.
fn translate_class(go: &mut &str, output: &mut String) {
    let start = if go.starts_with("[^") { "[^" } else { "[" };
    *output += start;
    *go = &go[start.len()..];
    // A bracket in the first position is literal.
    let mut first = true;
    while first || !go.is_empty() && !go.starts_with(']') {
        first = false;
        let name = go.strip_prefix("[:").and_then(|rest| Some(rest.find(":]")? + "[::]".len()));
        if let Some(length) = name {
            *output += &go[..length];
            *go = &go[length..];
            continue;
        }
        *output += &translate_char(go);
        if go.starts_with('-') && !go.starts_with("-]") {
            output.push('-');
            *go = &go[1..];
            *output += &translate_char(go);
        }
    }
    // `regex_lite` reports an unterminated class.
    if let Some(rest) = go.strip_prefix(']') {
        output.push(']');
        *go = rest;
    }
}

/// Translates one character, escaped or not.
fn translate_char(go: &mut &str) -> String {
    let mut chars = go.chars();
    let mut char = chars.next();
    let escaped = char == Some('\\');
    if escaped {
        char = chars.next();
    }
    *go = chars.as_str();
    match char {
        // A class such as `\d`.
        Some(char) if escaped && char.is_ascii_alphanumeric() => format!("\\{char}"),
        Some(char) => format!("\\x{{{:X}}}", u32::from(char)),
        None => String::new(),
    }
}

/// Whether Go's `filepath.Match` accepts a pattern. The docker CLI checks that first.
fn is_glob(pattern: &str) -> bool {
    /// One character of a class, which must not be the last of the pattern.
    fn member(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> bool {
        let is_char = match rest.next() {
            None | Some('-' | ']') => false,
            Some('\\') => rest.next().is_some(),
            Some(_) => true,
        };
        is_char && rest.peek().is_some()
    }
    let mut rest = pattern.chars().peekable();
    while let Some(char) = rest.next() {
        match char {
            '\\' if rest.next().is_none() => return false,
            '[' => {
                rest.next_if_eq(&'^');
                loop {
                    if !member(&mut rest) || (rest.next_if_eq(&'-').is_some() && !member(&mut rest))
                    {
                        return false;
                    }
                    if rest.next_if_eq(&']').is_some() {
                        break;
                    }
                }
            }
            _ => {}
        }
    }
    true
}

/// The shortest equivalent path, as Go's `path.Clean`.
pub(super) fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if rooted => {}
            _ => parts.push(part),
        }
    }
    match (rooted, parts.join("/")) {
        (true, path) => format!("/{path}"),
        (false, path) if path.is_empty() => ".".to_owned(),
        (false, path) => path,
    }
}
