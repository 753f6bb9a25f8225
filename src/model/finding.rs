//! Two voices that never mix: a finding is what the report says wrongly, a note is loss or doubt on our side.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Location;

/// What a check has to say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Id of the check, such as `IT-01`.
    pub code: String,
    /// How much it matters.
    pub severity: Severity,
    /// Wrong, or not to be told.
    pub status: FindingStatus,
    /// What is wrong, with the figures as printed.
    pub message: String,
    /// Left side: a decimal in the base unit, or words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lhs: Option<String>,
    /// Right side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rhs: Option<String>,
    /// Left minus right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delta: Option<Decimal>,
    /// How far they may differ by rounding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<Decimal>,
    /// `id`s of the facts it rests on.
    pub facts: Vec<String>,
    /// Where to look.
    pub locations: Vec<Location>,
    /// What may be meant, or what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// How much a finding matters, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Rounding, naming.
    Info,
    /// Wording, scope, a likely mistake.
    Warn,
    /// A published number or code is wrong.
    Error,
    /// A total is wrong or absent.
    Critical,
}

impl Severity {
    /// All of them, the least severe first.
    pub const ALL: [Self; 4] = [Self::Info, Self::Warn, Self::Error, Self::Critical];

    /// The word that the JSON uses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Critical => "critical",
        }
    }
}

/// How a check that has something to say came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingStatus {
    /// The sides disagree.
    Violated,
    /// A side is missing, so that silence is no pass.
    NotChecked,
}

/// Loss or doubt on our side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Note {
    /// Which.
    pub kind: NoteKind,
    /// What happened, for a person.
    pub message: String,
    /// Where.
    pub location: Location,
}

impl Note {
    /// Makes a note.
    #[must_use]
    pub fn new(kind: NoteKind, message: impl Into<String>, location: Location) -> Self {
        Self { kind, message: message.into(), location }
    }
}

/// What a note is about. `structure` and the readers lose nothing without one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// Why a document was refused or failed.
    Error,
    /// A part, page or sheet could not be read.
    SkippedPart,
    /// The content is of another format than the name says.
    WrongExtension,
    /// Text that a person does not see, because it is clipped or off the page.
    ClippedText,
    /// A page that is an image.
    ImagePage,
    /// Characters that the font or encoding does not tell.
    UnknownEncoding,
    /// A table that no form fits.
    UnplacedTable,
    /// A sentence with a figure that no pattern fits.
    UnparsedSentence,
    /// A table or cell that was mended on the way, such as a merge without a start.
    RepairedTable,
    /// Tracked changes were read as accepted.
    TrackedChange,
    /// Something is kept out of the content on purpose, such as comments.
    LeftOut,
    /// A hidden sheet or row was read.
    Hidden,
    /// A formula without a cached value.
    MissingValue,
    /// The file breaks its format's rules but could be read.
    Repaired,
    /// An exact value that a column of the dataset cannot hold, and that is left empty there.
    ValueNotStored,
    /// Another program converted the document before it was read.
    Converted,
    /// A part of the identity is unknown or doubtful.
    Identity,
}

impl NoteKind {
    /// Whether content is lost, so that the document is only partly read.
    #[must_use]
    pub fn is_loss(self) -> bool {
        matches!(
            self,
            Self::SkippedPart | Self::ImagePage | Self::UnknownEncoding | Self::MissingValue | Self::ValueNotStored
        )
    }
}
