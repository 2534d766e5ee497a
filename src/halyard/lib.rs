//! What Halyard's files and the `hal` command say. Text in, facts out; nothing here touches a
//! file, a process or a clock.

mod compatibility;
mod config;
mod defaults;
mod deploy_diff;
mod deployment_name;
mod fields;
mod kubectl_refusal;
pub mod kustomize;
pub mod operator;
mod pending;
mod redact;
mod rollout;
mod services;
mod settings;
mod tasks;
mod text;
mod transcript;
mod version;
pub mod yaml;

pub use compatibility::{Compatibility, CompatibilityError, CompatibilityVerdict, Wall};
pub use config::{ConfigError, Deployment, EnvironmentKind, HalConfig, HalPlugin, KubernetesAccount};
pub use deploy_diff::{DeployDiff, read_deploy_diff};
pub use deployment_name::{BadDeploymentName, DeploymentName};
pub use kubectl_refusal::KubectlRefusal;
pub use pending::{PendingChange, pending_by_own_view, pending_changes};
pub use redact::{HIDDEN, redact, secret_name};
pub use rollout::{Rollout, RolloutState, read_rollout};
pub use services::{ServiceName, services_of};
pub use settings::{SettingsRemark, read_history, read_service_settings};
pub use tasks::task_runs;
pub use text::{Shown, clean, harmful, strip};
pub use transcript::{HalOutcome, Problem, Severity, Task, TaskState, Transcript};
pub use version::{Line, Spinnaker, VersionRemark};
