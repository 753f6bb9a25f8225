//! Form fields (ECMA-376-1:2016 §17.16.17): what a box or a list shows stands in the form's data, because Word
//! writes no result for it. The result of a text field is written as text and is not read here.

use std::borrow::Cow;

use crate::error::Result;
use crate::read::xml::{Ns, Xml};

/// The data of a form field, as far as it shows.
#[derive(Debug, Default)]
struct Form {
    checked: Option<bool>,
    checked_at_first: Option<bool>,
    chosen: Option<usize>,
    chosen_at_first: Option<usize>,
    entries: Vec<String>,
    is_box: bool,
    is_list: bool,
}

/// What the form field shows whose `w:fldChar` was opened last: `☑`, `☐`, or the chosen entry of a list; none
/// for text, and for fields without form data.
///
/// # Errors
/// As [`Xml::next`].
pub(super) fn read_form(xml: &mut Xml) -> Result<Option<String>> {
    let mut form = Form::default();
    xml.below_flat(|element| match element.name() {
        _ if element.ns != Ns::Word => {}
        "checkBox" => form.is_box = true,
        "ddList" => form.is_list = true,
        "checked" => form.checked = Some(element.is_on()),
        "result" => form.chosen = element.number(),
        "default" if form.is_box => form.checked_at_first = Some(element.is_on()),
        "default" if form.is_list => form.chosen_at_first = element.number(),
        "listEntry" => form.entries.extend(element.val().map(Cow::into_owned)),
        _ => {}
    })?;
    Ok(form.shown())
}

impl Form {
    fn shown(mut self) -> Option<String> {
        if self.is_box {
            let checked = self.checked.or(self.checked_at_first).unwrap_or(false);
            return Some(if checked { "☑" } else { "☐" }.to_owned());
        }
        let chosen = self.chosen.or(self.chosen_at_first).unwrap_or(0);
        (self.is_list && chosen < self.entries.len()).then(|| self.entries.swap_remove(chosen))
    }
}
