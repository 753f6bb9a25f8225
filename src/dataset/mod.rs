//! Reports become tables that a warehouse can load. Knows the [`Report`](crate::model::Report) and nothing
//! of how it was made.
