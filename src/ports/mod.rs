//! The ways to the outside. One trait each; the real ones talk to disk, processes and AWS, the
//! rehearsal's talk to the world in the same process. All calls block and are bounded in time;
//! drivers run them away from the screen.

pub mod aws;
pub mod disk;
pub mod in_process;
mod in_process_aws;
pub mod process;
pub mod store;
pub mod web;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use ecw_core::event::DeployRead;
use ecw_core::journal::{Actor, Author, Head, Tail};
use ecw_core::names::{DeploymentName, EndpointUrl, TopicArn};
use ecw_core::question::{AwsPlace, Channel, Cluster, ConfigReport, Identity, RootWay, Subscriber};
use ecw_core::trouble::{AwsTrouble, Trouble};
use ecw_halyard::ServiceName;

use crate::lock::Locked;

/// All of them.
#[derive(Clone)]
pub struct Ports {
    /// The hal directory.
    pub files: Arc<dyn Files>,
    /// `hal` and `kubectl`.
    pub commands: Arc<dyn Commands>,
    /// HTTP and names.
    pub web: Arc<dyn Web>,
    /// AWS.
    pub aws: Arc<dyn Aws>,
    /// Our own state.
    pub store: Arc<dyn Store>,
}

/// What a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// Something else, for instance a dangling link.
    Other,
}

/// What is known of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// What it is, links followed.
    pub kind: Kind,
    /// Size in bytes.
    pub size: u64,
    /// Last change, milliseconds since 1970 UTC.
    pub mtime: u64,
    /// Permission bits.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// How many names it has: more than one for a hard link.
    pub names: u64,
}

/// Whether a directory can be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Writable {
    /// Yes.
    Yes,
    /// No, and why.
    No(String),
}

/// Files of the hal directory.
pub trait Files: Send + Sync {
    /// Returns where hal directories may be, strongest first: (directory, how it was found).
    fn candidates(&self) -> Vec<(String, String)>;
    /// Reads a file; `None` when there is none.
    ///
    /// # Errors
    /// What the system says.
    fn read(&self, path: &str) -> std::io::Result<Option<Vec<u8>>>;
    /// Returns what a path is; `None` when there is nothing.
    ///
    /// # Errors
    /// What the system says.
    fn stat(&self, path: &str) -> std::io::Result<Option<Stat>>;
    /// Returns the names in a directory.
    ///
    /// # Errors
    /// What the system says.
    fn list(&self, dir: &str) -> std::io::Result<Vec<String>>;
    /// Returns whether files can be made in a directory.
    fn writable(&self, dir: &str) -> Writable;
    /// Replaces a file at once or not at all, if its SHA-256 still is `expected` (`None` = there
    /// is no file). Owner, group and mode stay; links are followed.
    ///
    /// # Errors
    /// In words; the file is whole.
    fn replace(&self, path: &str, expected: Option<&str>, bytes: &[u8]) -> Result<(), Trouble>;
    /// Deletes a file, if its SHA-256 still is `expected`.
    ///
    /// # Errors
    /// In words.
    fn delete(&self, path: &str, expected: &str) -> Result<(), Trouble>;
    /// Returns how a command becomes root here.
    ///
    /// # Errors
    /// Why it cannot.
    fn root(&self) -> Result<RootWay, String>;
}

/// What a short command gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// Exit status; `None` = a signal.
    pub status: Option<i32>,
    /// Standard output, bounded.
    pub stdout: String,
    /// Standard error, bounded.
    pub stderr: String,
}

/// `hal` and `kubectl`.
pub trait Commands: Send + Sync {
    /// Runs a short command to its end.
    ///
    /// # Errors
    /// When it cannot be started or takes too long.
    fn run(&self, command: &[String], limit: Duration) -> Result<Output, Trouble>;
    /// Runs `kubectl` against a cluster.
    ///
    /// # Errors
    /// When it cannot be started or takes too long.
    fn kubectl(&self, cluster: &Cluster, arguments: &[&str]) -> Result<Output, Trouble>;
    /// Starts a deploy that outlives this process.
    ///
    /// # Errors
    /// When it cannot be started, or another one runs.
    fn start_deploy(&self, number: u64, command: &[String]) -> Result<(), Trouble>;
    /// Reads on in a deploy's log.
    fn read_deploy(&self, number: u64, offset: u64) -> DeployRead;
    /// Returns whether a deploy that this process starts outlives the login session; says why when
    /// it does not.
    fn outlives_login(&self) -> Result<String, String>;
    /// Has our own deploy of these services, begun then (milliseconds since 1970 UTC), stop; returns what
    /// came of it, in words.
    fn cancel_deploy(&self, number: u64, services: &[ServiceName], started: u64) -> String;
}

/// What an HTTP server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAnswer {
    /// Status; redirects are not followed unless asked for.
    pub status: u16,
    /// Content type.
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
    fn get(&self, url: &str, redirects: Redirects) -> Result<WebAnswer, String>;
    /// Asks whether something is at a URL (HEAD, redirects followed).
    ///
    /// # Errors
    /// In words, when nothing answers.
    fn head(&self, url: &str) -> Result<u16, String>;
    /// Looks a host name up.
    ///
    /// # Errors
    /// In words.
    fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, String>;
    /// Checks a certificate chain against this machine's trusted authorities.
    ///
    /// # Errors
    /// What is wrong with it.
    fn certificate(&self, host: &str, port: u16) -> Result<(), String>;
}

/// A topic's attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TopicAttributes {
    /// Access policy.
    pub policy: Option<String>,
    /// A KMS key is set.
    pub encrypted: bool,
}

type Aws_<T> = Result<T, AwsTrouble>;

/// AWS, with the calls that the wizard makes.
pub trait Aws: Send + Sync {
    /// `sts:GetCallerIdentity`.
    ///
    /// # Errors
    /// Told apart.
    fn identity(&self, place: &AwsPlace) -> Aws_<Identity>;
    /// `sns:ListTopics`, bounded.
    ///
    /// # Errors
    /// Told apart.
    fn topics(&self, place: &AwsPlace) -> Aws_<Vec<TopicArn>>;
    /// `sns:GetTopicAttributes`.
    ///
    /// # Errors
    /// Told apart.
    fn topic(&self, place: &AwsPlace, arn: &TopicArn) -> Aws_<TopicAttributes>;
    /// `sns:CreateTopic`, by name only.
    ///
    /// # Errors
    /// Told apart.
    fn create_topic(&self, place: &AwsPlace, arn: &TopicArn) -> Aws_<TopicArn>;
    /// `sns:TagResource` with one tag.
    ///
    /// # Errors
    /// Told apart.
    fn tag_topic(&self, place: &AwsPlace, arn: &TopicArn, key: &str, value: &str) -> Aws_<()>;
    /// `sns:DeleteTopic`.
    ///
    /// # Errors
    /// Told apart.
    fn delete_topic(&self, place: &AwsPlace, arn: &TopicArn) -> Aws_<()>;
    /// `sns:SetTopicAttributes` with `Policy`.
    ///
    /// # Errors
    /// Told apart.
    fn set_policy(&self, place: &AwsPlace, arn: &TopicArn, policy: &str) -> Aws_<()>;
    /// `sns:ListSubscriptionsByTopic`, bounded.
    ///
    /// # Errors
    /// Told apart.
    fn subscriptions(&self, place: &AwsPlace, arn: &TopicArn) -> Aws_<Vec<Subscriber>>;
    /// `sns:GetSubscriptionAttributes`: whether it is pending.
    ///
    /// # Errors
    /// Told apart.
    fn pending(&self, place: &AwsPlace, subscription: &str) -> Aws_<bool>;
    /// `sns:Subscribe` with `ReturnSubscriptionArn`.
    ///
    /// # Errors
    /// Told apart.
    fn subscribe(&self, place: &AwsPlace, arn: &TopicArn, endpoint: &EndpointUrl) -> Aws_<String>;
    /// `sns:Unsubscribe`.
    ///
    /// # Errors
    /// Told apart.
    fn unsubscribe(&self, place: &AwsPlace, subscription: &str) -> Aws_<()>;
    /// Recorder, its state, and the delivery channel.
    ///
    /// # Errors
    /// Told apart.
    fn config(&self, place: &AwsPlace) -> Aws_<ConfigReport>;
    /// `config:PutDeliveryChannel` with the channel as it is but for its topic.
    ///
    /// # Errors
    /// Told apart.
    fn put_channel(&self, place: &AwsPlace, channel: &Channel, topic: Option<&TopicArn>) -> Aws_<()>;
}

/// Whether room is reserved for what a step writes at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// It is: a step begins with this record, and not without that room.
    Ahead,
    /// It is not: this record says what was done, and goes into the room that was reserved for it.
    AsItIs,
}

/// Something that is held until this is dropped.
pub struct Held(pub Box<dyn std::any::Any + Send>);

/// Our own state directory.
pub trait Store: Send + Sync {
    /// Returns where it is.
    fn place(&self) -> String;
    /// Reads a file of it; `None` when there is none.
    ///
    /// # Errors
    /// In words.
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Trouble>;
    /// Writes a file of it at once or not at all.
    ///
    /// # Errors
    /// In words.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Trouble>;
    /// Appends a line to the journal and waits until it is on disk; then notes, outside the hal
    /// directory, how far this machine has written it.
    ///
    /// # Errors
    /// In words.
    fn append_journal(&self, line: &[u8], head: Head, room: Room) -> Result<(), Trouble>;
    /// Returns how far this machine has written the journal, if that is known.
    fn head(&self) -> Option<Head>;
    /// Takes the lock; it is held until this program ends. Returns who held it before and ended
    /// without leaving, in words.
    ///
    /// # Errors
    /// Who holds it, or why the state directory cannot be written.
    fn lock(&self, actor: &Actor) -> Result<Option<String>, Locked>;
    /// Gives the lock back.
    fn unlock(&self);
    /// Returns who holds the lock, in words; `None` = nobody.
    fn holder(&self) -> Option<String>;
    /// Has whoever holds the lock leave, and takes it.
    ///
    /// # Errors
    /// Why not, in words.
    fn take_over(&self, actor: &Actor) -> Result<(), String>;
    /// Returns who has taken this wizard's place, in words.
    fn who_takes_over(&self) -> String;
    /// Cuts the journal to its sound length. A tail that is not ours is kept in a file of its own; returns
    /// where.
    ///
    /// # Errors
    /// In words.
    fn trim_journal(&self, sound_len: u64, tail: Tail) -> Result<Option<String>, Trouble>;
    /// Works at the state of another hal directory or deployment from now on; returns whether that is
    /// another place. The lock of the former one is given back.
    fn settle(&self, hal_dir: &str, deployment: &DeploymentName) -> bool;
    /// Returns whether this is the hal directory and deployment that is worked on: what a journal names
    /// besides is not touched.
    fn covers(&self, hal_dir: &str, deployment: &DeploymentName) -> bool;
    /// Returns whose word the journal is.
    fn author(&self) -> Author;
    /// Takes the journal as it stands now for one's own word.
    fn trust(&self);
    /// Says so when the state of this deployment stands elsewhere.
    ///
    /// # Errors
    /// Where, and what to do.
    fn standing(&self) -> Result<(), Trouble>;
    /// Has a topic to ourselves as long as what is returned is held.
    ///
    /// # Errors
    /// When another wizard keeps it.
    fn lock_topic(&self, topic: &TopicArn) -> Result<Held, Trouble>;
    /// Keeps the former bytes of a file that is about to be changed; returns where.
    ///
    /// # Errors
    /// In words.
    fn backup(&self, name: &str, bytes: &[u8], of: &str) -> Result<String, Trouble>;
}
