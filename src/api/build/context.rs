//! The build context: a directory as a tar that is created while it is read.

use std::collections::HashMap;
use std::ffi::{OsString, c_void};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::{fmt, mem, vec};

use tar::{EntryType, Header};

use super::dockerfile::Dockerfile;
use super::ignore::{self, Ignore, Matches};
use super::{BuilderVersion, ImageBuildOptions};
use crate::{Error, Result};

/// Block size of a tar.
const BLOCK: u64 = 512;

const DOCKERIGNORE: &str = ".dockerignore";

/// A directory as a tar, without the files that its `.dockerignore` excludes.
///
/// [`Images::build_directory`](crate::Images::build_directory) builds from a directory. Use this
/// type to inspect, change or store the tar. Requires the feature `build-context`.
///
/// The tar is the one that the docker CLI sends:
/// - Files are sorted by name and have their modes, links and modification times. Owner and group
///   are root. Names may have any length. Hard links are kept. Sockets are omitted.
/// - The patterns are read from `NAME.dockerignore` beside a Dockerfile `NAME`, if it exists, or
///   else from `.dockerignore`. The Dockerfile and `.dockerignore` are always included, since
///   engines require them. An exception (`!`) with special characters is searched in excluded
///   directories only for BuildKit.
/// - A Dockerfile outside the directory is added under the name that
///   [`dockerfile`](BuildContext::dockerfile) returns. The name is appended to `.dockerignore`, so
///   that `COPY` does not see the file. BuildKit ignores the `.dockerignore` of a tar: there,
///   `COPY . /` copies the file, too.
///
/// Memory use does not depend on the size of the files. The directory is read while the tar is: a
/// file that disappears or changes its size fails the read with an error that names the file. All
/// reads after an error fail.
///
/// ```no_run
/// use dockline::{BuildContext, ImageBuildOptions};
/// let mut tar = BuildContext::open("web", &ImageBuildOptions::default())?;
/// std::io::copy(&mut tar, &mut std::fs::File::create("context.tar")?)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct BuildContext {
    root: PathBuf,
    ignore: Ignore,
    /// Path of the Dockerfile in the tar. It and `.dockerignore` are never excluded.
    dockerfile: String,
    /// A changed `.dockerignore` has been sent, so that of the directory is not.
    dockerignore_sent: bool,
    buildkit: bool,
    /// The directories from the root to the current one.
    levels: Vec<Level>,
    /// First path of each file with several hard links, by device and inode.
    links: HashMap<(u64, u64), PathBuf>,
    /// Its buffer holds the data to return next, from `consumed` on.
    tar: tar::Builder<Vec<u8>>,
    consumed: usize,
    file: Option<OpenFile>,
    finished: bool,
    failed: bool,
}

/// A directory that is being walked.
struct Level {
    /// Relative to the root.
    path: PathBuf,
    matches: Matches,
    /// Remaining names; true for directories.
    names: vec::IntoIter<(OsString, bool)>,
    /// The directory is excluded, and nothing in it has been sent.
    unsent: bool,
}

/// A file whose content is being sent.
struct OpenFile {
    file: File,
    path: PathBuf,
    size: u64,
    remaining: u64,
}

/// An I/O error and the file it concerns.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", path.display())]
struct FileError {
    path: PathBuf,
    source: io::Error,
}

/// Adds the path of a file to an error.
fn at_path(path: &Path) -> impl Fn(io::Error) -> io::Error {
    move |source| io::Error::new(source.kind(), FileError { path: path.to_owned(), source })
}

impl BuildContext {
    /// Opens a directory for a build with these options.
    ///
    /// Only `dockerfile` and `version` of the options matter. `dockerfile` is a path relative to
    /// the directory, or an absolute path of the file system. Symbolic links are resolved. The
    /// Dockerfile may be outside the directory, as in `../Dockerfile`.
    ///
    /// # Errors
    /// - [`Error::Io`] if the directory, its Dockerfile or its `.dockerignore` cannot be read.
    /// - [`Error::InvalidArgument`] if a pattern in `.dockerignore` is malformed, or the Dockerfile
    ///   is not a regular file.
    pub fn open(path: impl AsRef<Path>, options: &ImageBuildOptions) -> Result<BuildContext> {
        let root = path.as_ref();
        let names = list(root).map_err(io_error(root))?;
        let given = match options.dockerfile.as_str() {
            "" => root.join(default_dockerfile(&names)),
            name => root.join(ignore::clean(name)),
        };
        let mut own_dockerignore = given.clone().into_os_string();
        own_dockerignore.push(DOCKERIGNORE);
        let dockerignores = [own_dockerignore.into(), root.join(DOCKERIGNORE)];
        let dockerfile = Dockerfile::find(root, &given)?;
        BuildContext::new(root, names, &dockerignores, dockerfile, options)
    }

    /// Opens a directory for a build with the text of a Dockerfile.
    ///
    /// The text is added like a Dockerfile outside the directory. Only `version` of the options
    /// matters; `dockerfile` must be empty.
    ///
    /// # Errors
    /// - [`Error::Io`] if the directory or its `.dockerignore` cannot be read.
    /// - [`Error::InvalidArgument`] if a pattern in `.dockerignore` is malformed, or the options
    ///   name a Dockerfile.
    pub fn open_with_dockerfile(
        path: impl AsRef<Path>,
        options: &ImageBuildOptions,
        text: &str,
    ) -> Result<BuildContext> {
        if !options.dockerfile.is_empty() {
            let message = "the text of a Dockerfile and the option dockerfile are both given: \
                           set only one";
            return Err(Error::invalid(super::BUILD, message));
        }
        let root = path.as_ref();
        let names = list(root).map_err(io_error(root))?;
        let dockerfile = Dockerfile::Added(text.as_bytes().to_owned());
        BuildContext::new(root, names, &[root.join(DOCKERIGNORE)], dockerfile, options)
    }

    /// `dockerignores` are paths; the first file that exists is used.
    fn new(
        root: &Path,
        names: vec::IntoIter<(OsString, bool)>,
        dockerignores: &[PathBuf],
        dockerfile: Dockerfile,
        options: &ImageBuildOptions,
    ) -> Result<BuildContext> {
        let buildkit = options.version == Some(BuilderVersion::BuildKit);
        let mut patterns = Vec::new();
        let mut ignore = Ignore::default();
        for path in dockerignores {
            match fs::read(path) {
                Ok(text) => {
                    ignore = Ignore::parse(&String::from_utf8_lossy(&text)).map_err(|problem| {
                        Error::invalid(super::BUILD, format!("{path:?}: {problem}"))
                    })?;
                    patterns = text;
                    break;
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(io_error(path)(error)),
            }
        }
        let mut tar = tar::Builder::new(Vec::new());
        let (dockerfile, dockerignore_sent) = match dockerfile {
            Dockerfile::Inside(name) => (name, false),
            Dockerfile::Added(text) => {
                let name = Dockerfile::added_name(&text);
                // BuildKit does not apply the `.dockerignore` of a tar.
                if !buildkit {
                    let exists = names.as_slice().iter().any(|(it, _)| it == DOCKERIGNORE);
                    let hidden = [(!exists).then_some(DOCKERIGNORE), Some(&name)];
                    for name in hidden.into_iter().flatten() {
                        if !patterns.is_empty() {
                            patterns.push(b'\n');
                        }
                        patterns.extend_from_slice(name.as_bytes());
                    }
                    patterns.push(b'\n');
                    append_file(&mut tar, DOCKERIGNORE, &patterns)?;
                }
                append_file(&mut tar, &name, &text)?;
                (name, !buildkit)
            }
        };
        Ok(BuildContext {
            root: root.to_owned(),
            ignore,
            dockerfile,
            dockerignore_sent,
            buildkit,
            levels: vec![Level {
                path: PathBuf::new(),
                matches: Matches::default(),
                names,
                unsent: false,
            }],
            links: HashMap::new(),
            tar,
            consumed: 0,
            file: None,
            finished: false,
            failed: false,
        })
    }

    /// Returns the path of the Dockerfile in the tar, for the option `dockerfile` of the build.
    pub fn dockerfile(&self) -> &str {
        &self.dockerfile
    }

    /// Advances the walk by one entry, whose data goes to the buffer of `tar` and to `file`.
    fn advance(&mut self) -> io::Result<()> {
        let Some(level) = self.levels.last_mut() else {
            self.finished = true;
            return self.tar.finish();
        };
        let Some((name, is_directory)) = level.names.next() else {
            self.levels.pop();
            return Ok(());
        };
        let path = level.path.join(name);
        let text = path.to_string_lossy();
        let (excluded, matches) = self.ignore.check(&text, &level.matches);
        if self.dockerignore_sent && text == DOCKERIGNORE {
            return Ok(());
        }
        let excluded = excluded && text != DOCKERIGNORE && text != self.dockerfile;
        let descend = is_directory
            && (!excluded
                || self.ignore.has_exception_in(&text, self.buildkit)
                || ignore::is_within(&self.dockerfile, &text));
        drop(text);
        if !excluded {
            self.send_parents()?;
            self.send(&path)?;
        }
        if descend {
            let full = self.root.join(&path);
            let names = list(&full).map_err(at_path(&full))?;
            self.levels.push(Level { path, matches, names, unsent: excluded });
        }
        Ok(())
    }

    /// Sends the excluded directories around an included file. The docker CLI does so for BuildKit;
    /// with the classic builder the engine creates them.
    fn send_parents(&mut self) -> io::Result<()> {
        if self.buildkit {
            for index in 0..self.levels.len() {
                if mem::take(&mut self.levels[index].unsent) {
                    self.send(&self.levels[index].path.clone())?;
                }
            }
        }
        Ok(())
    }

    /// Sends a file, directory or link. The content of a file follows later.
    fn send(&mut self, path: &Path) -> io::Result<()> {
        let full = self.root.join(path);
        let at_path = at_path(&full);
        let metadata = fs::symlink_metadata(&full).map_err(&at_path)?;
        let kind = metadata.file_type();
        let mut head = EntryHeader::new(path, &metadata);
        if kind.is_file() {
            let id = (metadata.dev(), metadata.ino());
            let first = self.links.get(&id).cloned().filter(|_| metadata.nlink() > 1);
            if let Some(first) = first {
                head.header.set_entry_type(EntryType::Link);
                head.link = Some(first);
            } else {
                let (file, metadata) = open(&full).map_err(&at_path)?;
                let size = metadata.len();
                head = EntryHeader::new(path, &metadata);
                head.header.set_size(size);
                head.capability = capability(&file);
                if metadata.nlink() > 1 {
                    self.links.insert((metadata.dev(), metadata.ino()), path.to_owned());
                }
                if size > 0 {
                    self.file = Some(OpenFile { file, path: full.clone(), size, remaining: size });
                }
            }
        } else if kind.is_dir() {
            head.header.set_entry_type(EntryType::Directory);
            // A trailing slash.
            head.path.push("");
        } else if kind.is_symlink() {
            head.header.set_entry_type(EntryType::Symlink);
            head.link = Some(fs::read_link(&full).map_err(&at_path)?);
        } else if kind.is_fifo() {
            head.header.set_entry_type(EntryType::Fifo);
        } else if kind.is_block_device() || kind.is_char_device() {
            let block = kind.is_block_device();
            head.header.set_entry_type(if block { EntryType::Block } else { EntryType::Char });
            head.header.set_device_major(libc::major(metadata.rdev()))?;
            head.header.set_device_minor(libc::minor(metadata.rdev()))?;
        } else {
            return Ok(());
        }
        head.append_to(&mut self.tar)
    }
}

impl Read for BuildContext {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.failed {
            return Err(io::Error::other("an earlier read has failed: no more data can be read"));
        }
        let result = self.read_next(buffer);
        self.failed = result.is_err();
        result
    }
}

impl BuildContext {
    fn read_next(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let ready = &self.tar.get_ref()[self.consumed..];
            if !ready.is_empty() || buffer.is_empty() {
                let count = ready.len().min(buffer.len());
                buffer[..count].copy_from_slice(&ready[..count]);
                self.consumed += count;
                return Ok(count);
            }
            self.tar.get_mut().clear();
            self.consumed = 0;
            if let Some(open_file) = &mut self.file {
                let count = open_file.read(buffer)?;
                if open_file.remaining == 0 {
                    let padding = open_file.size.next_multiple_of(BLOCK) - open_file.size;
                    self.tar.get_mut().resize(padding as usize, 0);
                    self.file = None;
                }
                return Ok(count);
            }
            if self.finished {
                return Ok(0);
            }
            self.advance()?;
        }
    }
}

impl OpenFile {
    /// Reads content. The last read fails if the size of the file has changed.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = usize::try_from(self.remaining).unwrap_or(usize::MAX).min(buffer.len());
        let count = loop {
            match self.file.read(&mut buffer[..room]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result.map_err(at_path(&self.path))?,
            }
        };
        self.remaining -= count as u64;
        if count == 0 || self.remaining == 0 {
            let now = self.file.metadata().map_err(at_path(&self.path))?.len();
            if count == 0 || now != self.size {
                let before = self.size;
                return Err(at_path(&self.path)(io::Error::other(format!(
                    "its size changed during the read, from {before} to {now} bytes"
                ))));
            }
        }
        Ok(count)
    }
}

/// The header of an entry, and its values that need PAX records.
struct EntryHeader {
    header: Header,
    path: PathBuf,
    /// Modification time in seconds, if it is before 1970.
    old_mtime: Option<String>,
    link: Option<PathBuf>,
    capability: Option<Vec<u8>>,
}

impl EntryHeader {
    fn new(path: &Path, metadata: &Metadata) -> EntryHeader {
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header.set_mode(metadata.mode() & 0o7777);
        header.set_mtime(metadata.mtime().try_into().unwrap_or(0));
        header.set_size(0);
        header.set_uid(0);
        header.set_gid(0);
        let old_mtime = (metadata.mtime() < 0).then(|| metadata.mtime().to_string());
        EntryHeader { header, path: path.to_owned(), old_mtime, link: None, capability: None }
    }

    /// Values that do not fit into the header become PAX records.
    fn append_to(mut self, tar: &mut tar::Builder<Vec<u8>>) -> io::Result<()> {
        let mut records = Vec::new();
        let path = self.path.as_os_str().as_bytes();
        if self.header.set_path(&self.path).is_err() {
            records.push(("path", path));
        }
        if let Some(link) = &self.link {
            let link = link.as_os_str().as_bytes();
            if self.header.set_link_name_literal(link).is_err() {
                records.push(("linkpath", link));
            }
        }
        if let Some(time) = &self.old_mtime {
            records.push(("mtime", time.as_bytes()));
        }
        if let Some(capability) = &self.capability {
            records.push(("SCHILY.xattr.security.capability", capability));
        }
        tar.append_pax_extensions(records)?;
        self.header.set_cksum();
        tar.append(&self.header, io::empty())
    }
}

/// The names in a directory, sorted, and whether each is a directory.
fn list(directory: &Path) -> io::Result<vec::IntoIter<(OsString, bool)>> {
    let mut names = fs::read_dir(directory)?
        .map(|entry| entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?.is_dir()))))
        .collect::<io::Result<Vec<_>>>()?;
    names.sort_unstable();
    Ok(names.into_iter())
}

/// The Dockerfile that engines use by default.
fn default_dockerfile(names: &vec::IntoIter<(OsString, bool)>) -> &'static str {
    let exists = |name: &str| names.as_slice().iter().any(|(it, _)| it == name);
    let default = Dockerfile::DEFAULT;
    if !exists(default) && exists("dockerfile") { "dockerfile" } else { default }
}

/// Opens a file without following a link or blocking on a FIFO that has replaced it.
fn open(path: &Path) -> io::Result<(File, Metadata)> {
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("something that is not a regular file has replaced it"));
    }
    Ok((file, metadata))
}

/// The file capabilities that `setcap` sets.
fn capability(file: &File) -> Option<Vec<u8>> {
    let mut value = vec![0_u8; 256];
    // SAFETY: the name ends with NUL, and the buffer is writable for its length.
    let length = unsafe {
        libc::fgetxattr(
            file.as_raw_fd(),
            c"security.capability".as_ptr(),
            value.as_mut_ptr().cast::<c_void>(),
            value.len(),
        )
    };
    value.truncate(usize::try_from(length).ok()?);
    Some(value)
}

/// A tar that contains only a Dockerfile.
pub(super) fn dockerfile_tar(options: &ImageBuildOptions, text: &str) -> Result<Vec<u8>> {
    let name = match options.dockerfile.as_str() {
        "" => Dockerfile::DEFAULT,
        name => name,
    };
    let mut tar = tar::Builder::new(Vec::new());
    append_file(&mut tar, name, text.as_bytes())?;
    tar.into_inner().map_err(io_error(Path::new(name)))
}

/// Appends a file that does not come from the directory.
fn append_file(tar: &mut tar::Builder<Vec<u8>>, name: &str, content: &[u8]) -> Result<()> {
    let mut header = Header::new_gnu();
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_size(content.len() as u64);
    tar.append_data(&mut header, name, content)
        .map_err(|error| Error::invalid(super::BUILD, format!("dockerfile {name:?}: {error}")))
}

/// An error about a file or directory that is read before the tar begins.
fn io_error(path: &Path) -> impl Fn(io::Error) -> Error {
    move |source| Error::Io {
        operation: super::BUILD,
        message: format!("reading {path:?}"),
        source,
    }
}

impl fmt::Debug for BuildContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BuildContext").field("root", &self.root).finish_non_exhaustive()
    }
}
