//! Which vocabulary a prefix stands for (Namespaces in XML 1.0). A URI is told once, where it is bound, because a
//! part asks for the same few prefixes at every element and every attribute.

use std::cell::Cell;

use quick_xml::events::BytesStart;

use super::{FORMAT, Ns};
use crate::error::{Error, Result};

/// Bindings in scope at one time; each costs time at every element.
const PREFIXES: usize = 512;

/// The bindings that hold at a point of a part, innermost last.
#[derive(Debug, Default)]
pub(super) struct Scope {
    bindings: Vec<Binding>,
    /// Index of the binding that was asked for last, while no binding has come or gone since.
    last: Cell<Option<usize>>,
    /// How often a binding came or went.
    changes: u64,
}

#[derive(Debug)]
struct Binding {
    /// Empty for the default namespace
    prefix: String,
    ns: Ns,
    /// Depth of the element that declares it
    depth: u64,
}

impl Scope {
    /// Takes what an element at that depth declares.
    ///
    /// # Errors
    /// When more than 512 bindings would be in scope.
    pub(super) fn enter(&mut self, start: &BytesStart, depth: u64) -> Result<()> {
        if !start.attributes_raw().contains("xmlns") {
            return Ok(());
        }
        self.last.set(None);
        self.changes += 1;
        let mut attributes = start.attributes();
        for attribute in attributes.with_checks(false).flatten() {
            let Some(prefix) = declared_prefix(attribute.key.0) else { continue };
            if self.bindings.len() >= PREFIXES {
                return Err(Error::damaged(FORMAT, "too many namespaces are declared at one place"));
            }
            let uri = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap_or_default();
            let ns = if uri.is_empty() { Ns::None } else { Ns::of_uri(&uri) };
            self.bindings.push(Binding { prefix: prefix.to_owned(), ns, depth });
        }
        Ok(())
    }

    /// Gives up what the element at that depth declared.
    pub(super) fn leave(&mut self, depth: u64) {
        while self.bindings.last().is_some_and(|binding| binding.depth >= depth) {
            self.bindings.pop();
            self.last.set(None);
            self.changes += 1;
        }
    }

    /// How often bindings have come or gone: while it stays, a prefix keeps its meaning.
    pub(super) fn changes(&self) -> u64 {
        self.changes
    }

    /// The vocabulary of an element with that prefix, which may be empty.
    pub(super) fn of_element(&self, prefix: &str) -> Ns {
        let is_asked = |binding: &Binding| binding.prefix == prefix;
        let again = self.last.get().filter(|&at| self.bindings.get(at).is_some_and(is_asked));
        let at = again.or_else(|| self.bindings.iter().rposition(is_asked));
        self.last.set(at);
        let unbound = if prefix.is_empty() { Ns::None } else { Ns::Other };
        at.and_then(|at| self.bindings.get(at)).map_or(unbound, |binding| binding.ns)
    }

    /// The vocabulary of an attribute with that prefix; without one it belongs to none (§6.2).
    pub(super) fn of_attribute(&self, prefix: &str) -> Ns {
        if prefix.is_empty() { Ns::None } else { self.of_element(prefix) }
    }
}

/// The prefix that an attribute of that name binds: `w` for `xmlns:w`, the empty one for `xmlns`.
fn declared_prefix(name: &str) -> Option<&str> {
    let rest = name.strip_prefix("xmlns")?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(':') }
}
