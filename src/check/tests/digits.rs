//! One digit changed is one digit found; the unit of print and the order of facts change nothing.

use proptest::prelude::*;

use super::*;

/// The right report with one digit of one figure changed, and the id of that figure.
fn changed(line: usize, digit: usize, by: u32) -> Option<(String, String)> {
    let lines: Vec<&str> = RIGHT.lines().filter(|line| !line.trim().is_empty()).collect();
    let old = lines.get(line)?;
    let (start, literal) = old.rsplit_once(' ')?;
    let places: Vec<usize> = literal.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(i, _)| i).collect();
    let at = *places.get(digit % places.len().max(1))?;
    let old_digit = literal[at..=at].parse::<u32>().ok()?;
    let new = format!("{}{}{}", &literal[..at], (old_digit + by) % 10, &literal[at + 1..]);
    let text: Vec<String> = lines
        .iter()
        .enumerate()
        .map(|(n, l)| if n == line { format!("{start} {new}") } else { (*l).to_owned() })
        .collect();
    Some((text.join("\n"), format!("f{line}")))
}

#[test]
fn nearly_every_changed_digit_is_caught_and_named() {
    let (mut tried, mut caught) = (0u32, 0u32);
    for line in 0..RIGHT.lines().count() {
        for (digit, by) in [(0, 1), (1, 3), (2, 7), (3, 2), (4, 4)] {
            let Some((text, id)) = changed(line, digit, by) else { continue };
            let answers = check(&report(&text), Forms::builtin());
            let violated = answers.findings.iter().filter(|f| f.status == FindingStatus::Violated && f.code != "ST-01");
            tried += 1;
            caught += u32::from(violated.into_iter().any(|f| f.facts.contains(&id)));
        }
    }
    assert!(tried > 250 && caught * 100 >= tried * 95, "{caught} of {tried}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_unit_of_print_changes_no_verdict(line in 0usize..60, digit in 0usize..5, by in 1u32..9) {
        let Some((text, _)) = changed(line, digit, by) else { return Ok(()) };
        let in_wan = report(&text);
        let mut in_yi = in_wan.clone();
        for fact in in_yi.facts.iter_mut().filter(|f| f.unit == Unit::Yuan) {
            fact.value *= Decimal::from(10_000);
            fact.printed_unit = Some(Unit::HundredMillionYuan);
        }
        prop_assert_eq!(found(&in_wan), found(&in_yi));
    }

    #[test]
    fn the_order_of_facts_changes_nothing(line in 0usize..60, digit in 0usize..5, turn in 1usize..50) {
        let Some((text, _)) = changed(line, digit, 1) else { return Ok(()) };
        let report = report(&text);
        let mut turned = report.clone();
        let turn = turn % turned.facts.len();
        turned.facts.rotate_left(turn);
        turned.facts.reverse();
        prop_assert_eq!(check(&report, Forms::builtin()).findings, check(&turned, Forms::builtin()).findings);
    }
}
