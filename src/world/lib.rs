//! The rehearsal world: hal, SNS/STS/Config, Gate, a cluster and a plugin repository as one pure
//! state machine. Time is passed in, ids follow from a seed, faults are data. Two skins show it:
//! ports in the same process on a script's clock, and servers on loopback.

mod aws;
mod cluster;
mod faults;
mod files;
mod gate;
mod hal;
mod hal_words;
mod kubectl_apply;
mod own_view;
mod site;
mod things;

pub use aws::AwsFault;
pub use faults::{Fault, LEAKED};
pub use files::{Entry, MemoryFiles};
pub use gate::{Answer, NO_BYTES_SHA512};
pub use hal_words::{Interrupt, deploy_diff};
pub use kubectl_apply::suffix;
pub use own_view::own_view;
pub use site::{ACCOUNT, HAL_DIR, REGION, Service, World};
pub use things::{Apply, Channel, Frame, Subscription, Topic};
