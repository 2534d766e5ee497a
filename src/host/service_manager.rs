//! What a service manager is told where this runs as a unit: sd_notify(3), one datagram to `NOTIFY_SOCKET`.

use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};

use ecw_halyard::clean;

/// The service manager, where there is one.
#[derive(Debug, Default)]
pub struct ServiceManager {
    socket: Option<(UnixDatagram, SocketAddr)>,
    told: String,
}

impl ServiceManager {
    /// Returns the one that listens at `NOTIFY_SOCKET`'s value; none where there is no such value or nothing to
    /// send from.
    #[must_use]
    pub fn at(socket: Option<&str>) -> Self {
        let address = socket.and_then(|path| match path.strip_prefix('@') {
            Some(name) => SocketAddr::from_abstract_name(name).ok(),
            None => SocketAddr::from_pathname(path).ok(),
        });
        let socket = address.and_then(|address| Some((UnixDatagram::unbound().ok()?, address)));
        Self { socket, told: String::new() }
    }

    /// Tells a status that is new; the first one says too that the unit is ready. What cannot be told is nobody's loss.
    pub fn status(&mut self, text: &str) {
        let Some((socket, address)) = &self.socket else { return };
        let text = clean(text, 200);
        if text == self.told {
            return;
        }
        let ready = if self.told.is_empty() { "READY=1\n" } else { "" };
        let _ = socket.send_to_addr(format!("{ready}STATUS={text}\n").as_bytes(), address);
        self.told = text;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_new_status_is_one_datagram_and_the_first_says_ready() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let path = dir.path().join("notify");
        let manager = UnixDatagram::bind(&path).expect("bound");
        let mut told = ServiceManager::at(path.to_str());
        for text in ["Deploy gate, 3 s", "Deploy gate, 3 s", "Deploy\nX=1"] {
            told.status(text);
        }
        let mut heard = Vec::new();
        manager.set_nonblocking(true).expect("set");
        let mut piece = [0_u8; 512];
        while let Ok(read) = manager.recv(&mut piece) {
            heard.push(String::from_utf8_lossy(&piece[..read]).into_owned());
        }
        assert_eq!(heard.len(), 2, "{heard:?}");
        assert_eq!(heard[0], "READY=1\nSTATUS=Deploy gate, 3 s\n");
        assert_eq!(heard[1].lines().count(), 1, "one line, whatever the text: {heard:?}");
        ServiceManager::at(None).status("x");
    }
}
