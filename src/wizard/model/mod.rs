//! What is asked, found out and written down: questions and their reports, facts, the journal and its fold.

pub mod aws_report;
pub mod check;
pub mod choice;
pub mod delivery_proof;
pub mod facts;
pub mod gate_answer;
pub mod goal;
pub mod journal;
pub mod journal_file;
pub mod journal_line;
pub mod ledger;
pub mod log_page;
pub mod mode;
pub mod part;
pub mod place;
pub mod plan_document;
pub mod press;
pub mod question;
pub mod readiness;
pub mod receipt;
pub mod report;
pub mod screen;
pub mod target_job;
