//! Any bytes, taken as PDF: reading them to a flow ends within its limits, in a flow or an error.
#![no_main]

use juesuan::forms::Forms;
use juesuan::limits::{Deadline, Limits};
use juesuan::model::Format;
use juesuan::structure::page::pages_to_flow;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { seconds: 10, part_bytes: 16 << 20, package_bytes: 64 << 20, ..Limits::default() };
    let deadline = Deadline::start(&limits);
    if let Ok(mut raw) = juesuan::read::read(bytes, Format::Pdf, &limits, &deadline) {
        let _ = pages_to_flow(&mut raw, &Forms::builtin().wording, &limits, &deadline);
    }
});
