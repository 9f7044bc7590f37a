//! Files that people name: written whole or not at all.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

/// Writes `bytes` to the file at `path`. A new file appears, and an old one is replaced, only when all is written; the old
/// one keeps its permissions, and a link goes on pointing at it. What is no regular file (a pipe, a device) is written to.
///
/// # Errors
/// If that fails; then a regular file is as it was.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut old = match OpenOptions::new().write(true).open(path) {
        Ok(old) => old,
        // A link to a file that is yet to be made: there is nothing that could be lost.
        Err(error) if error.kind() == ErrorKind::NotFound && path.is_symlink() => {
            return fs::write(path, bytes);
        }
        Err(error) if error.kind() == ErrorKind::NotFound => return replace(path, bytes, None),
        Err(error) => return Err(error),
    };
    let metadata = old.metadata()?;
    if !metadata.is_file() {
        return old.write_all(bytes).and_then(|()| old.flush());
    }
    drop(old);
    replace(&fs::canonicalize(path)?, bytes, Some(metadata.permissions()))
}

fn replace(path: &Path, bytes: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // In the same folder, so that the file can be renamed; removed when dropped, so that a failure leaves nothing.
    let mut temporary = create_in(folder)?;
    temporary.write_all(bytes)?;
    if let Some(permissions) = permissions {
        temporary.as_file().set_permissions(permissions)?;
    }
    temporary.persist(path).map(|_: File| ()).map_err(|error| error.error)
}

/// A temporary file that others may read as any new file, where the system has such a notion.
fn create_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_new_file_is_like_any_other_and_an_old_one_keeps_its_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let (ours, usual) = (folder.path().join("ours"), folder.path().join("usual"));
        write(&ours, b"1").unwrap();
        fs::write(&usual, b"1").unwrap();
        assert_eq!(mode(&ours), mode(&usual));
        fs::set_permissions(&ours, Permissions::from_mode(0o600)).unwrap();
        write(&ours, b"2").unwrap();
        assert_eq!((mode(&ours), fs::read(&ours).unwrap()), (0o600, b"2".to_vec()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing else is left");
    }

    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        symlink("file", &link).unwrap();
        for text in [b"to come", b"is here"] {
            write(&link, text).unwrap();
            assert!(link.is_symlink());
            assert_eq!(fs::read(&file).unwrap(), text);
        }
    }

    #[test]
    fn devices_are_written_to() {
        write(Path::new("/dev/null"), b"nothing").unwrap();
        assert!(!Path::new("/dev/null").is_file());
        if Path::new("/dev/full").exists() {
            assert!(write(Path::new("/dev/full"), b"too much").is_err());
            assert!(!Path::new("/dev/full").is_file());
        }
    }

    #[test]
    fn what_cannot_be_written_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert!(write(folder.path(), b"a folder").is_err());
        assert!(write(&folder.path().join("no/such/folder"), b"").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
