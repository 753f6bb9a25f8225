//! Complex and simple fields (ECMA-376-1:2016 §17.16): an instruction is never text, a result is text once,
//! and all that a table of contents prints is told apart from the text of the report.

/// The fields that are open at a point of the text.
#[derive(Debug, Default)]
pub(super) struct Fields {
    open: Vec<Field>,
    /// How many of them are still in their instruction.
    instructing: usize,
    /// How many of them are tables of contents.
    contents: usize,
    /// How often text was printed, in fields or between them.
    printed: u64,
}

#[derive(Debug, Default)]
struct Field {
    instruction: String,
    in_result: bool,
    is_contents: bool,
    /// What a form field shows when no result is written.
    form: Option<String>,
    /// How often text had been printed before it.
    printed_before: u64,
}

/// Characters of an instruction that are kept: enough to tell the kind of a field and an overstruck sign.
const INSTRUCTION: usize = 256;

impl Fields {
    /// Opens a field at `w:fldChar` of type `begin`.
    pub(super) fn begin(&mut self) {
        self.open.push(Field { printed_before: self.printed, ..Field::default() });
        self.instructing += 1;
    }

    /// Opens a `w:fldSimple`, whose content is all result.
    pub(super) fn begin_simple(&mut self, instruction: &str) {
        self.begin();
        self.instruct(instruction);
        self.separate();
    }

    /// Adds to the instruction of the innermost field.
    pub(super) fn instruct(&mut self, text: &str) {
        if let Some(field) = self.open.last_mut().filter(|f| !f.in_result && f.instruction.len() < INSTRUCTION) {
            field.instruction.push_str(text);
        }
    }

    /// Goes over to the result at `w:fldChar` of type `separate`.
    pub(super) fn separate(&mut self) {
        let Some(field) = self.open.last_mut().filter(|f| !f.in_result) else { return };
        field.in_result = true;
        field.is_contents = is_contents(&field.instruction);
        self.instructing -= 1;
        self.contents += usize::from(field.is_contents);
    }

    /// Says what the innermost field, a form field, shows when no result is written.
    pub(super) fn fill_in(&mut self, shown: String) {
        if let Some(field) = self.open.last_mut().filter(|f| !f.in_result) {
            field.form = Some(shown);
        }
    }

    /// Takes note of text that is printed: the fields around it have a result.
    pub(super) fn print(&mut self) {
        self.printed += 1;
    }

    /// Closes the innermost field; what it shows without a written result: the state of a form field, or the
    /// sign that an `EQ` field draws.
    pub(super) fn end(&mut self) -> Option<String> {
        let field = self.open.pop()?;
        self.instructing -= usize::from(!field.in_result);
        self.contents -= usize::from(field.is_contents);
        match field.form {
            Some(shown) if field.printed_before == self.printed => Some(shown),
            Some(_) => None,
            None if field.in_result => None,
            None => overstruck(&field.instruction),
        }
    }

    /// Gives up fields whose instruction never ended, so that a lost mark cannot hide the rest of a document.
    /// Returns whether there were any.
    pub(super) fn give_up_instructions(&mut self) -> bool {
        let unfinished = self.instructing > 0;
        if unfinished {
            self.open.retain(|field| field.in_result);
            self.instructing = 0;
        }
        unfinished
    }

    /// Whether text at this point is part of an instruction.
    pub(super) fn hide(&self) -> bool {
        self.instructing > 0
    }

    /// Whether text at this point is printed by a table of contents.
    pub(super) fn in_contents(&self) -> bool {
        self.contents > 0
    }
}

fn is_contents(instruction: &str) -> bool {
    instruction.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case("TOC"))
}

/// The characters that `EQ \o` draws over each other (§17.16.5.17), as forms write a ticked box: `eq \o\ac(□,√)`.
fn overstruck(instruction: &str) -> Option<String> {
    let instruction = instruction.trim();
    let is_equation = instruction.get(..2).is_some_and(|word| word.eq_ignore_ascii_case("eq"));
    if !is_equation || !instruction.to_lowercase().contains("\\o") {
        return None;
    }
    let (_, arguments) = instruction.split_once('(')?;
    let arguments = arguments.trim_end().trim_end_matches(')');
    Some(arguments.split([',', ';']).map(str::trim).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_toc_field_prints_contents() {
        let mut fields = Fields::default();
        fields.begin();
        fields.instruct(" TOC \\o \"1-3\" ");
        assert!(fields.hide() && !fields.in_contents());
        fields.separate();
        fields.begin_simple("PAGEREF _Toc1");
        assert!(!fields.hide() && fields.in_contents());
        fields.end();
        fields.end();
        assert!(!fields.in_contents());
    }

    #[test]
    fn an_overstruck_sign_is_kept_and_other_instructions_are_not() {
        let end_of = |instruction| {
            let mut fields = Fields::default();
            fields.begin();
            fields.instruct(instruction);
            fields.end()
        };
        assert_eq!(end_of(" eq \\o\\ac(□,√) ").as_deref(), Some("□√"));
        assert_eq!(end_of(" XE \"(a)\" "), None);
    }

    #[test]
    fn ends_without_a_beginning_do_no_harm() {
        let mut fields = Fields::default();
        assert_eq!(fields.end(), None);
        fields.separate();
        assert!(!fields.hide());
    }
}
