//! Documents that only another program reads: Word 97 and WPS, RTF, OpenDocument text, Office 2003 XML, slides.
//! LibreOffice writes them anew as DOCX, XLSX or PDF, where it is installed: without windows, with a profile of its
//! own in a folder that is gone afterwards, and no longer than the document's time.

use std::io::ErrorKind as IoErrorKind;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use super::scratch::Scratch;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{Deadline, Limits};
use crate::model::{Format, Location, Note, NoteKind};

/// Where the program may be, in the order in which they are tried.
const PROGRAMS: [&str; 3] = ["soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice"];

/// How often a conversion is looked after.
const LOOK: Duration = Duration::from_millis(20);

/// How a format is converted: the ending by which LibreOffice knows it, and what it becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Conversion {
    from: Format,
    ending: &'static str,
    /// What it becomes.
    pub(super) to: Format,
}

impl Conversion {
    /// The conversion that a format needs; most need none.
    pub(super) fn of(from: Format) -> Option<Self> {
        let (ending, to) = match from {
            Format::Doc => ("doc", Format::Docx),
            Format::Rtf => ("rtf", Format::Docx),
            Format::Odt => ("odt", Format::Docx),
            Format::WordXml => ("xml", Format::Docx),
            Format::ExcelXml => ("xml", Format::Xlsx),
            Format::Slides => ("ppt", Format::Pdf),
            _ => return None,
        };
        Some(Self { from, ending, to })
    }

    /// Says that places are those of the converted document.
    pub(super) fn note(self) -> Note {
        let (from, to) = (self.from.word(), self.to.word());
        let message = format!("LibreOffice converted the document from {from} to {to}; places are those of the {to}");
        Note::new(NoteKind::Converted, message, Location::default())
    }

    /// Converts a document.
    ///
    /// # Errors
    /// When LibreOffice is not installed, gives nothing, or does not end in time.
    pub(super) fn run(self, bytes: &[u8], limits: &Limits, deadline: &Deadline) -> Result<Vec<u8>> {
        let folder = Scratch::new()?;
        let input = folder.path().join(format!("document.{}", self.ending));
        let output = folder.path().join("out");
        std::fs::write(&input, bytes).map_err(|e| Error::io("a temporary file", e))?;
        let mut child = self.start(folder.path(), &input, &output)?;
        let status = wait(&mut child, deadline)?;
        let converted = output.join(format!("document.{}", self.to.word()));
        let Ok(metadata) = std::fs::metadata(&converted) else {
            return Err(self.failed(format!("LibreOffice gave no document ({status})")));
        };
        Limits::check("the converted document in bytes", "file_bytes", metadata.len(), limits.file_bytes)?;
        std::fs::read(&converted).map_err(|e| Error::io("a temporary file", e))
    }

    fn start(self, folder: &Path, input: &Path, output: &Path) -> Result<Child> {
        for program in PROGRAMS {
            match self.command(program, folder, input, output).spawn() {
                Ok(child) => return Ok(child),
                Err(error) if error.kind() == IoErrorKind::NotFound => {}
                Err(error) => return Err(self.failed(format!("LibreOffice cannot be started: {error}"))),
            }
        }
        Err(self
            .failed("LibreOffice, which converts it, is not installed (install it so that soffice is found)".into()))
    }

    fn command(self, program: &str, folder: &Path, input: &Path, output: &Path) -> Command {
        let mut command = Command::new(program);
        command.arg(format!("-env:UserInstallation={}", file_url(&folder.join("profile"))));
        command.args(["--headless", "--norestore", "--nolockcheck", "--nologo", "--nodefault", "--convert-to"]);
        command.arg(self.to.word()).arg("--outdir").arg(output).arg(input);
        command.env("HOME", folder).env("SAL_USE_VCLPLUGIN", "svp").current_dir(folder);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command
    }

    fn failed(self, reason: String) -> Error {
        ErrorKind::Conversion { format: self.from.word(), reason }.into()
    }
}

/// Waits for a program, and ends it with all that it started when the time is used up.
fn wait(child: &mut Child, deadline: &Deadline) -> Result<ExitStatus> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) => {}
            Err(error) => return Err(Error::io("LibreOffice", error)),
        }
        if let Err(late) = deadline.check() {
            end(child);
            return Err(late);
        }
        std::thread::sleep(LOOK.min(deadline.remaining()));
    }
}

/// Ends a program that is a script around others: its whole process group where there are such.
fn end(child: &mut Child) {
    if cfg!(unix) {
        let group = format!("-{}", child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// A path as a URL, which LibreOffice wants for its profile (RFC 3986 §2).
fn file_url(path: &Path) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/._-~".contains(&b);
    let escaped = path
        .as_os_str()
        .as_encoded_bytes()
        .iter()
        .map(|&b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") });
    format!("file://{}", escaped.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_gone_with_its_content() {
        let folder = Scratch::new().expect("made");
        let path = folder.path().to_owned();
        std::fs::write(path.join("a"), "x").expect("written");
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn a_path_is_spelt_as_a_url() {
        assert_eq!(file_url(Path::new("/tmp/临 1")), "file:///tmp/%E4%B8%B4%201");
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_does_not_end_is_ended_in_time() {
        let limits = Limits { seconds: 0, ..Limits::default() };
        let mut command = Command::new("sleep");
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.arg("600").spawn().expect("started");
        let error = wait(&mut child, &Deadline::start(&limits)).expect_err("it sleeps");
        assert!(matches!(error.kind(), ErrorKind::Deadline { .. }), "{error}");
        assert!(child.try_wait().expect("waited for").is_some());
    }

    #[test]
    fn formats_that_we_read_ourselves_are_not_converted() {
        for format in [Format::Docx, Format::Pdf, Format::Xls, Format::Html, Format::Csv] {
            assert_eq!(Conversion::of(format), None);
        }
        assert_eq!(Conversion::of(Format::Doc).map(|c| c.to), Some(Format::Docx));
    }
}
