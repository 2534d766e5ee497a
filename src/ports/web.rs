//! HTTP and names.

use std::net::IpAddr;

use ecw_wizard::values::trouble::Trouble;

/// What an HTTP server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAnswer {
    /// Status; redirects are not followed unless asked for.
    pub status: u16,
    pub content_type: String,
    /// Body, bounded.
    pub body: String,
}

/// Whether redirects are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redirects {
    /// Followed.
    Follow,
    /// Shown as they are.
    Show,
}

/// HTTP and names.
pub trait Web: Send + Sync {
    /// Asks for a URL (GET).
    ///
    /// # Errors
    /// In words, when nothing answers.
    fn get(&self, url: &str, redirects: Redirects) -> Result<WebAnswer, Trouble>;
    /// Asks whether something is at a URL (HEAD, redirects followed).
    ///
    /// # Errors
    /// In words, when nothing answers.
    fn head(&self, url: &str) -> Result<u16, Trouble>;
    /// Fetches what is at a URL (GET, redirects followed) piece by piece, up to so many bytes; returns the status.
    ///
    /// # Errors
    /// In words, when nothing answers, it is longer, or a piece is not taken.
    fn fetch(
        &self,
        url: &str,
        most: u64,
        take: &mut dyn FnMut(&[u8]) -> std::io::Result<()>,
    ) -> Result<u16, Trouble>;
    /// Looks a host name up.
    ///
    /// # Errors
    /// In words.
    fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Trouble>;
    /// Checks a certificate chain against this machine's trusted authorities.
    ///
    /// # Errors
    /// What is wrong with it.
    fn certificate(&self, host: &str, port: u16) -> Result<(), Trouble>;
}
