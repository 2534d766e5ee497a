//! `plugin`: a repository of one's own, for Spinnakers that do not reach the published one.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use ecw_host::mirror::{Mirrored, mirror};
use ecw_host::say;
use ecw_profile::{PLUGIN_ID, repository_base};
use ecw_web::network::Network;
use ecw_wizard::Exit;
use ecw_wizard::rules::defaults::REPOSITORY_URL;
use ecw_wizard::values::names::PluginVersion;
use ecw_wizard::values::trouble::Trouble;

use super::context::{compatibility, runtime};
use super::environment::variable;
use super::reporting::{code, complain};

/// Keeps a copy of the plugin's repository for Spinnakers that do not reach the published one.
#[derive(Debug, Args)]
pub(super) struct Plugin {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Fetch the list and the zip, check the zip's SHA-512, and write a directory that any web server can serve
    #[command(after_help = MIRROR)]
    Mirror(Mirror),
}

const MIRROR: &str = "\
Examples:
  event-cache-wizard plugin mirror ./event-cache
  event-cache-wizard plugin mirror /srv/www/event-cache --plugin-version 0.2.1";

#[derive(Debug, Args)]
struct Mirror {
    /// Where the copy is written
    dir: PathBuf,
    /// Plugin version; the newest published one otherwise
    #[arg(long, value_name = "VERSION")]
    plugin_version: Option<String>,
    /// The repository that is copied
    #[arg(long, value_name = "URL", default_value = REPOSITORY_URL)]
    from: String,
}

impl Plugin {
    pub(super) fn run(self) -> ExitCode {
        let What::Mirror(wanted) = self.what;
        match wanted.mirrored() {
            Ok(done) => {
                said(&done);
                code(Exit::Done)
            }
            Err(trouble) => complain(&trouble, Exit::Failed),
        }
    }
}

impl Mirror {
    fn mirrored(&self) -> Result<Mirrored, Trouble> {
        let version = match &self.plugin_version {
            Some(version) => version.clone(),
            None => compatibility()?.verdict(None).plugin().to_owned(),
        };
        let version = PluginVersion::parse(&version)
            .map_err(|error| Trouble::new(error.0, "Name a version such as 0.2.1."))?;
        let bundle = variable("AWS_CA_BUNDLE");
        let runtime = runtime()?;
        let web = Network::trusting(runtime.handle().clone(), bundle.as_deref());
        mirror(&web, repository_base(&self.from), PLUGIN_ID, version.as_str(), &self.dir)
    }
}

fn said(done: &Mirrored) {
    say!("{}", if done.stood { "Unchanged: it stood there already." } else { "Done." });
    say!("{}\n{}", done.list.display(), done.zip.display());
    say!("SHA-512 as listed: {} ({} bytes)", done.sha512, done.size);
    say!("Serve the directory where Gate's and Clouddriver's pods reach it, for example");
    say!(
        "    python3 -m http.server --directory {} 8000",
        done.list.parent().unwrap_or(&done.list).display()
    );
    say!("and answer, with its address:");
    say!("    plugin: {{repository: {{url: 'http://HOST:8000/plugins.json'}}}}");
    say!("On Kubernetes every start of a pod downloads the zip: the server has to stay.");
}
