//! Where documents become files: Word text, its charts, workbooks, and the truth beside them.

pub mod chart;
pub mod docx;
pub mod package;
pub mod style;
pub mod table;
pub mod truth;
pub mod workbook;
