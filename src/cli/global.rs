//! Options that hold for every command.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::config::Config;
use super::played::Played;

/// Options that hold for every command.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Global {
    /// Halyard's directory; detected otherwise
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) hal_dir: Option<String>,
    /// Deployment; hal config's current one otherwise. apply, plan, undo --yes and status take several: a,b
    #[arg(long, global = true, value_name = "NAME")]
    pub(super) deployment: Option<String>,
    /// The hal command, split as shell words, never given to a shell, such as "docker exec -i halyard hal"
    #[arg(long, global = true, value_name = "COMMAND")]
    pub(super) hal: Option<String>,
    /// Where Halyard runs: local, docker:[USER@]NAME, pod:NAMESPACE/POD[/CONTAINER][@CONTEXT], ssh:[USER@]HOST[:PORT] or sudo:USER. Files, hal, its daemon and kubectl are reached there
    #[arg(long, global = true, value_name = "PLACE")]
    pub(super) halyard_in: Option<String>,
    /// A kustomize overlay that deploys Spinnaker: its profiles are edited, kubectl apply -k deploys
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) kustomize: Option<String>,
    /// The manifest of a SpinnakerService, or (with --kustomize) a patch of it: the Operator deploys
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) operator: Option<String>,
    /// kubectl's context for --kustomize and --operator; never the current one
    #[arg(long, global = true, value_name = "NAME")]
    pub(super) context: Option<String>,
    /// Namespace, where overlay or manifest name none
    #[arg(long, global = true, value_name = "NAME")]
    pub(super) namespace: Option<String>,
    /// kubeconfig
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) kubeconfig: Option<String>,
    /// Apply nothing from here: with --kustomize and --operator the files are written for your pipeline
    #[arg(long, global = true)]
    pub(super) no_apply: bool,
    /// Where to keep our state; .event-cache-wizard/<deployment> in the hal directory, overlay or manifest's directory otherwise
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) state_dir: Option<PathBuf>,
    /// AWS profile; beats keys in the environment
    #[arg(long, global = true, value_name = "NAME")]
    pub(super) aws_profile: Option<String>,
    /// AWS region of the topic
    #[arg(long, global = true, value_name = "REGION")]
    pub(super) region: Option<String>,
    /// When to use colour
    #[arg(long, global = true, value_enum, value_name = "WHEN")]
    pub(super) color: Option<When>,
    /// Which colours: the terminal's 16, dark ones for a light background, or none but the strongest contrast
    #[arg(long, global = true, value_enum, value_name = "THEME")]
    pub(super) theme: Option<ThemeName>,
    /// ASCII only
    #[arg(long, global = true)]
    pub(super) ascii: bool,
    /// Ask line by line instead of drawing a screen
    #[arg(long, global = true)]
    pub(super) plain: bool,
    /// Say nothing but what was asked for and what went wrong
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Say each command that is run and each call of AWS too, on standard error
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
    /// Change ticket to note in the journal
    #[arg(long, global = true, value_name = "ID")]
    pub(super) change: Option<String>,
    /// This user's defaults.
    #[arg(skip)]
    pub(super) config: Config,
    /// The rehearsal that a command is played on.
    #[arg(skip)]
    pub(super) rehearsal: Option<Played>,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

/// Which colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ThemeName {
    Terminal,
    Light,
    HighContrast,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
}
