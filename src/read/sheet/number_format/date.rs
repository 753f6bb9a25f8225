//! Dates and times of number formats: serial days become what a person sees, and ISO 8601.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, date};

use super::Piece;

/// The day from which a workbook counts (ECMA-376-1:2016 §18.17.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::read::sheet) enum DateSystem {
    /// Day 1 is 1 January 1900, and a 29 February 1900 is counted that never was.
    #[default]
    From1900,
    /// Day 0 is 1 January 1904.
    From1904,
}

/// A piece of a date format, with the number of its letters.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Year(usize),
    Month(usize),
    Day(usize),
    Hour(usize),
    Minute(usize),
    Second(usize),
    Weekday(usize),
    HalfDay,
    Elapsed(char, usize),
    Literal(String),
}

/// A moment as a spreadsheet stores it: a day of the calendar and seconds of that day.
#[derive(Debug, Clone, Copy)]
struct Moment {
    day: Date,
    seconds: i64,
    /// Seconds since day zero, for elapsed time.
    total: i64,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const WEEKDAYS_CHINESE: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];

/// Whether a bracket is `[h]`, `[mm]` or `[s]`.
pub(super) fn is_elapsed(bracket: &str) -> bool {
    let mut letters = bracket.chars().map(|c| c.to_ascii_lowercase());
    letters.next().is_some_and(|first| "hms".contains(first) && letters.all(|c| c == first))
}

/// Parses the pieces of a date section; `m` is minutes behind hours and before seconds.
pub(super) fn parse(pieces: &[Piece]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        let (token, length) = match piece {
            Piece::Bracket(text) if is_elapsed(text) => {
                let letter = text.chars().next().unwrap_or('h').to_ascii_lowercase();
                (Some(Token::Elapsed(letter, text.chars().count())), 1)
            }
            Piece::Bracket(_) => (None, 1),
            Piece::Literal(text) => (Some(Token::Literal(text.clone())), 1),
            Piece::Symbol(c) => parse_symbols(*c, pieces.get(at..).unwrap_or_default()),
        };
        tokens.extend(token);
        at += length;
    }
    tell_minutes_from_months(&mut tokens);
    tokens
}

fn parse_symbols(first: char, pieces: &[Piece]) -> (Option<Token>, usize) {
    let letters: String = pieces.iter().map_while(|p| if let Piece::Symbol(c) = p { Some(*c) } else { None }).collect();
    for (mark, length) in [("AM/PM", 5), ("A/P", 3), ("上午/下午", 5)] {
        if letters.chars().take(length).collect::<String>().eq_ignore_ascii_case(mark) {
            return (Some(Token::HalfDay), length);
        }
    }
    let letter = first.to_ascii_lowercase();
    let run = letters.chars().take_while(|c| c.to_ascii_lowercase() == letter).count().max(1);
    let token = match letter {
        'y' => Token::Year(run),
        'e' => Token::Year(4),
        'm' => Token::Month(run),
        'd' => Token::Day(run),
        'h' => Token::Hour(run),
        's' => Token::Second(run),
        'a' => Token::Weekday(run),
        _ => return (Some(Token::Literal(first.into())), 1),
    };
    (Some(token), run)
}

fn tell_minutes_from_months(tokens: &mut [Token]) {
    let is_time = |t: &Token| matches!(t, Token::Hour(_) | Token::Second(_) | Token::Elapsed(..));
    let is_field = |t: &Token| !matches!(t, Token::Literal(_) | Token::HalfDay);
    for at in 0..tokens.len() {
        let before = tokens.get(..at).and_then(|t| t.iter().rev().find(|t| is_field(t)));
        let after = tokens.get(at + 1..).and_then(|t| t.iter().find(|t| is_field(t)));
        let behind_hours = matches!(before, Some(Token::Hour(_) | Token::Elapsed('h', _)));
        let minutes = behind_hours || (matches!(after, Some(Token::Second(_))) && before.is_none_or(is_time));
        match tokens.get_mut(at) {
            Some(token @ Token::Month(_)) if minutes => {
                let Token::Month(run) = *token else { continue };
                *token = Token::Minute(run);
            }
            _ => {}
        }
    }
}

/// Shows a serial day; `None` when it is none of the calendar.
pub(super) fn show(tokens: &[Token], serial: f64, system: DateSystem) -> Option<String> {
    let moment = moment(serial, system)?;
    let half = tokens.contains(&Token::HalfDay);
    Some(tokens.iter().map(|t| show_token(t, &moment, half)).collect::<String>().trim().to_owned())
}

fn show_token(token: &Token, moment: &Moment, half: bool) -> String {
    let (hour, minute, second) = (moment.seconds / 3600, moment.seconds / 60 % 60, moment.seconds % 60);
    let padded = |value: i64, run: usize| format!("{value:0width$}", width = run.min(2));
    let weekday = usize::try_from(moment.day.weekday().to_monday_zero_offset()).unwrap_or(0);
    match token {
        Token::Year(run) if *run <= 2 => padded(i64::from(moment.day.year() % 100), 2),
        Token::Year(_) => moment.day.year().to_string(),
        Token::Month(run) if *run >= 3 => name(&MONTHS, usize::try_from(moment.day.month() - 1).unwrap_or(0), *run),
        Token::Month(run) => padded(moment.day.month().into(), *run),
        Token::Day(run) if *run >= 3 => name(&WEEKDAYS, weekday, *run),
        Token::Day(run) => padded(moment.day.day().into(), *run),
        Token::Hour(run) if half => padded((hour + 11) % 12 + 1, *run),
        Token::Hour(run) => padded(hour, *run),
        Token::Minute(run) => padded(minute, *run),
        Token::Second(run) => padded(second, *run),
        Token::Weekday(run) => {
            let day = WEEKDAYS_CHINESE.get(weekday).copied().unwrap_or_default();
            if *run >= 4 { format!("星期{day}") } else { day.to_owned() }
        }
        Token::HalfDay => if hour < 12 { "上午" } else { "下午" }.to_owned(),
        Token::Elapsed('h', run) => padded(moment.total / 3600, *run),
        Token::Elapsed('m', run) => padded(moment.total / 60, *run),
        Token::Elapsed(_, run) => padded(moment.total, *run),
        Token::Literal(text) => text.clone(),
    }
}

fn name(names: &[&str], index: usize, run: usize) -> String {
    let full = names.get(index).copied().unwrap_or_default();
    match run {
        3 => full.chars().take(3).collect(),
        5 => full.chars().take(1).collect(),
        _ => full.to_owned(),
    }
}

/// A serial day as ISO 8601: a date, a time of day, or both; `None` when it is none of the calendar.
pub(in crate::read::sheet) fn iso_date_time(serial: f64, system: DateSystem) -> Option<String> {
    let moment = moment(serial, system)?;
    let time =
        DateTime::from_parts(moment.day, jiff::civil::Time::midnight()).checked_add(moment.seconds.seconds()).ok()?;
    Some(if serial < 1.0 {
        time.time().to_string()
    } else if moment.seconds == 0 {
        moment.day.to_string()
    } else {
        time.to_string()
    })
}

fn moment(serial: f64, system: DateSystem) -> Option<Moment> {
    // 31 December 9999 is day 2,958,465.
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    #[allow(clippy::cast_possible_truncation)] // below 2.6e11
    let total = (serial * 86_400.0).round() as i64;
    let (days, seconds) = (total / 86_400, total % 86_400);
    let epoch = match system {
        DateSystem::From1900 if days < 60 => date(1899, 12, 31),
        DateSystem::From1900 => date(1899, 12, 30),
        DateSystem::From1904 => date(1904, 1, 1),
    };
    let day = epoch.checked_add(days.days()).ok()?;
    Some(Moment { day, seconds, total })
}

#[cfg(test)]
mod tests {
    use super::super::NumberFormat;
    use super::*;

    fn show(code: &str, serial: f64) -> String {
        NumberFormat::parse(code).show_date(serial, DateSystem::From1900).expect("a date")
    }

    #[test]
    fn dates_are_shown_as_their_format_writes_them() {
        assert_eq!(show("yyyy\"年\"m\"月\"d\"日\"", 45_657.0), "2024年12月31日");
        assert_eq!(show("yyyy/m/d;@", 45_657.0), "2024/12/31");
        assert_eq!(show("yyyy-mm-dd hh:mm:ss", 45_657.75), "2024-12-31 18:00:00");
        assert_eq!(show("[$-804]yyyy\"年\"m\"月\"", 45_657.0), "2024年12月");
        assert_eq!(show("mmm-yy", 45_657.0), "Dec-24");
        assert_eq!(show("h:mm AM/PM", 0.75), "6:00 下午");
        assert_eq!(show("aaaa", 45_657.0), "星期二");
        assert_eq!(show("[h]:mm", 1.5), "36:00");
    }

    #[test]
    fn the_day_that_never_was_is_skipped() {
        let iso = |serial| iso_date_time(serial, DateSystem::From1900);
        assert_eq!(iso(1.0).as_deref(), Some("1900-01-01"));
        assert_eq!(iso(61.0).as_deref(), Some("1900-03-01"));
        assert_eq!(iso(0.5).as_deref(), Some("12:00:00"));
        assert_eq!(iso(45_657.5).as_deref(), Some("2024-12-31T12:00:00"));
        assert_eq!(iso(1e9), None);
        assert_eq!(iso_date_time(0.0 + 1.0, DateSystem::From1904).as_deref(), Some("1904-01-02"));
    }
}
