//! What answers on addresses as they are seen from where Halyard runs: its daemon, a Gate beside it.

use std::time::Duration;

use ecw_ports::WebAnswer;
use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::trouble::Trouble;

use super::carry::{Errand, Far, script};

/// Longer answers are cut.
const BODY: usize = 4 * 1024 * 1024;
/// The address is waited for there, and the line has to be made.
const LIMIT: Duration = Duration::from_secs(25);

impl Far {
    /// Asks an address from there; redirects are shown as they are.
    ///
    /// # Errors
    /// In words, when nothing answers or nothing there can ask.
    pub fn ask_web(&self, place: &HalyardIn, method: &str, url: &str) -> Result<WebAnswer, Trouble> {
        let words = [method, url];
        let errand = Errand { limit: LIMIT, most: BODY, ..Errand::short(script!("get.sh"), &words) };
        let said = self.run(place, &errand)?;
        answer(&said.rest).unwrap_or_else(|| Err("its answer is not whole".into()))
    }
}

/// Takes body and last line apart.
fn answer(bytes: &[u8]) -> Option<Result<WebAnswer, Trouble>> {
    let bytes = bytes.strip_suffix(b"\n")?;
    let at = memchr::memrchr(b'\n', bytes)?;
    let last = ecw_halyard::clean(&String::from_utf8_lossy(&bytes[at + 1..]), 300);
    if let Some(why) = last.strip_prefix("no ") {
        return Some(Err(Trouble::reason(why)));
    }
    let (status, content_type) = last.split_once(' ').unwrap_or((&last, ""));
    let body = String::from_utf8_lossy(&bytes[..at]).into_owned();
    let status = status.parse().ok()?;
    Some(Ok(WebAnswer { status, content_type: content_type.trim().to_owned(), body }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_says_what_the_rest_is() {
        let given = |status, content_type: &str, body: &str| {
            Some(Ok(WebAnswer { status, content_type: content_type.into(), body: body.into() }))
        };
        assert_eq!(
            answer(b"{\"a\":\n1}\n200 application/json\n"),
            given(200, "application/json", "{\"a\":\n1}")
        );
        assert_eq!(answer(b"\n503 \n"), given(503, "", ""));
        assert_eq!(answer(b"\nno Connection refused\n"), Some(Err("Connection refused".into())));
        assert_eq!(answer(b"half an answ"), None);
    }
}
