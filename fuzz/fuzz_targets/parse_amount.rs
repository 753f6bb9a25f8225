//! Any text, taken as a printed figure: what is read prints as a number that reads the same.
#![no_main]

use juesuan::model::{Literal, Printed};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Printed::Number(literal) = Printed::parse(text) {
        let again = Literal::parse(&literal.value.to_string()).expect("a decimal prints as a number");
        assert_eq!(again.value, literal.value, "{text}");
    }
});
