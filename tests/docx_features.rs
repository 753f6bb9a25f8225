//! One small DOCX a feature, made here from raw XML: what is kept, and what the notes say is lost.

#[path = "docx/builder.rs"]
mod builder;
#[path = "docx/damage.rs"]
mod damage;
#[path = "docx/drawn.rs"]
mod drawn;
#[path = "docx/joined.rs"]
mod joined;
#[path = "docx/numbers.rs"]
mod numbers;
#[path = "docx/tables.rs"]
mod tables;
#[path = "docx/text.rs"]
mod text;
