//! HTTP: one client for AWS, for the plugin's repository and Gate, and for stand-ins on loopback; and names and
//! certificates of the real network.

pub mod client;
pub mod loopback;
pub mod network;
pub mod stand_in;
pub mod trust;
