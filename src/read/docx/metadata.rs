//! Core, application and custom properties (ECMA-376-2 §11, ECMA-376-1:2016 §22.2 and §22.3): which program made
//! the file in which build, how many pages it counted, and when it was changed last.

use crate::error::Result;
use crate::limits::{Deadline, Limits};
use crate::model::RawDocument;
use crate::read::xml::{Element, Ns, Token, Xml};

/// The custom property in which WPS keeps its locale and build, as `2052-11.1.0.10700`.
const WPS_BUILD: &str = "KSOProductBuildVer";
/// The program behind that property, where the file does not name it.
const WPS: &str = "WPS Office";

/// What the properties parts of a package say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Metadata {
    application: Option<String>,
    version: Option<String>,
    wps_build: Option<String>,
    pages: Option<u32>,
    modified: Option<String>,
}

impl Metadata {
    /// Whether a relationship of that kind leads to a properties part.
    pub(super) fn is_kind(kind: &str) -> bool {
        matches!(
            kind,
            "core-properties" | "extended-properties" | "extendedProperties" | "custom-properties" | "customProperties"
        )
    }

    /// Takes what a properties part says; which one it is, its names tell.
    ///
    /// # Errors
    /// When the XML is damaged, too deep, or the time is used up.
    pub(super) fn read(&mut self, text: &str, limits: &Limits, deadline: &Deadline) -> Result<()> {
        let mut xml = Xml::new(text, limits, deadline);
        while let Some(token) = xml.next()? {
            let Token::Open(element) = token else { continue };
            let Some(property) = property(&element) else { continue };
            let value = xml.text()?.trim().to_owned();
            if !value.is_empty() {
                self.set(property, value);
            }
        }
        Ok(())
    }

    fn set(&mut self, property: Property, value: String) {
        match property {
            Property::Application => self.application = Some(value),
            Property::Version => self.version = Some(value),
            Property::WpsBuild => self.wps_build = Some(value),
            Property::Pages => self.pages = value.parse().ok().filter(|&pages| pages > 0),
            Property::Modified => self.modified = Some(value),
        }
    }

    /// Writes it into the document.
    pub(super) fn describe(self, document: &mut RawDocument) {
        document.producer = self.producer();
        document.page_count = self.pages;
        document.modified = self.modified;
    }

    /// The program with its build, which some programs have in their name already.
    fn producer(&self) -> Option<String> {
        let wps_build = self.wps_build.as_deref().map(|build| build.split_once('-').map_or(build, |(_, build)| build));
        let build = wps_build.or(self.version.as_deref());
        let application = self.application.as_deref().or(wps_build.map(|_| WPS))?;
        Some(match build.filter(|build| !application.contains(build)) {
            Some(build) => format!("{application} {build}"),
            None => application.to_owned(),
        })
    }
}

#[derive(Debug, Clone, Copy)]
enum Property {
    Application,
    Version,
    WpsBuild,
    Pages,
    Modified,
}

fn property(element: &Element) -> Option<Property> {
    match (element.ns, element.name()) {
        (Ns::Terms, "modified") => Some(Property::Modified),
        (Ns::Application, "Application") => Some(Property::Application),
        (Ns::Application, "AppVersion") => Some(Property::Version),
        (Ns::Application, "Pages") => Some(Property::Pages),
        (Ns::Custom, "property") if element.attribute("name").as_deref() == Some(WPS_BUILD) => Some(Property::WpsBuild),
        _ => None,
    }
}
