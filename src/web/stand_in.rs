//! The stand-in internet of a rehearsal.

use std::net::IpAddr;

use ecw_ports::{Redirects, Web, WebAnswer};
use ecw_wizard::values::trouble::Trouble;
use tokio::runtime::Handle;

use crate::network::Network;

/// The stand-in internet of a rehearsal: every URL is asked of the world.
pub struct StandInInternet {
    world: String,
    network: Network,
}

impl StandInInternet {
    /// Returns the internet that the world at this address plays.
    #[must_use]
    pub fn new(runtime: Handle, world: String) -> Self {
        Self { world, network: Network::loopback(runtime) }
    }

    fn asked(&self, url: &str) -> String {
        let mut asked = format!("{}/internet?url=", self.world);
        asked.extend(url::form_urlencoded::byte_serialize(url.as_bytes()));
        asked
    }
}

impl Web for StandInInternet {
    fn get(&self, url: &str, redirects: Redirects) -> Result<WebAnswer, Trouble> {
        let answer = self.network.get(&self.asked(url), redirects)?;
        if answer.status == 599 { Err("connection refused".into()) } else { Ok(answer) }
    }

    fn head(&self, url: &str) -> Result<u16, Trouble> {
        self.get(url, Redirects::Follow).map(|answer| answer.status)
    }

    fn fetch(
        &self,
        url: &str,
        most: u64,
        take: &mut dyn FnMut(&[u8]) -> std::io::Result<()>,
    ) -> Result<u16, Trouble> {
        match self.network.fetch(&self.asked(url), most, take)? {
            599 => Err("connection refused".into()),
            status => Ok(status),
        }
    }

    fn addresses(&self, _host: &str) -> Result<Vec<IpAddr>, Trouble> {
        Ok(vec![IpAddr::from([203, 0, 113, 10])])
    }

    fn certificate(&self, _host: &str, _port: u16) -> Result<(), Trouble> {
        Ok(())
    }
}
