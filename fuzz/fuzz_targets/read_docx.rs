//! Any bytes, taken as DOCX: reading ends within its limits, in a document or an error.
#![no_main]

use juesuan::limits::{Deadline, Limits};
use juesuan::model::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { seconds: 10, part_bytes: 16 << 20, package_bytes: 64 << 20, ..Limits::default() };
    let _ = juesuan::read::read(bytes, Format::Docx, &limits, &Deadline::start(&limits));
});
