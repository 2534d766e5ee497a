//! Answers the core's questions: one file a question. Looking never changes anything.

mod aws;
mod cluster;
mod daemon;
mod diff;
mod edits;
mod endpoint;
mod gate;
mod halyards;
mod kustomized;
pub mod manifest;
pub mod overlay;
mod pending;
pub mod profiles;
mod ready;
mod rendered;
mod repository;
mod site;
mod staged;
mod targets;
mod tasks;

use ecw_wizard::model::place::Ground;
use ecw_wizard::model::question::Question;
use ecw_wizard::model::report::Report;

use ecw_ports::Ports;

use manifest::Patched;

/// Returns the answer to a question.
#[must_use]
pub fn answer(ports: &Ports, question: &Question) -> Report {
    match question {
        Question::Site { hal_dir, deployment, ground } => {
            let deployment = deployment.as_deref();
            let dir = hal_dir.as_deref();
            Report::Site(Box::new(match ground {
                Ground::Halyard => overlay::pointed_to(ports, site::look(ports, dir, deployment)),
                Ground::Overlay { kubectl, cluster } => {
                    overlay::look(ports, dir.unwrap_or("."), deployment, kubectl, cluster)
                }
                Ground::Manifest { file, overlay, kubectl, cluster } => {
                    let patched = overlay.as_deref().map(|dir| Patched { dir, kubectl });
                    manifest::look(ports, dir.unwrap_or("."), file, patched, deployment, cluster)
                }
            }))
        }
        Question::Halyards => Report::Halyards(halyards::look(ports)),
        Question::Cluster { kubectl, cluster, road } => {
            Report::Cluster(cluster::look(ports, kubectl, cluster, *road))
        }
        Question::Rendered { wanted, kubectl, apply, .. } => {
            Report::Rendered(rendered::look(ports, wanted, kubectl, apply))
        }
        Question::Daemon { endpoint, hal, deployment, hal_dir } => {
            Report::Daemon(daemon::look(ports, endpoint, hal, deployment, hal_dir))
        }
        Question::Repository { url, version } => Report::Repository(repository::look(ports, url, version)),
        Question::Profiles { wanted } => Report::Profiles(profiles::look(ports, wanted)),
        Question::Pending { hal_dir, deployment, services, hal } => {
            Report::Pending(pending::look(ports, hal_dir, deployment, services, hal))
        }
        Question::Identity { aws } => Report::Identity(ports.aws.identity(aws)),
        Question::Topics { aws } => Report::Topics(aws::topics(ports, aws)),
        Question::Topic { aws, arn, endpoint, sources, sample } => {
            Report::Topic(aws::topic(ports, aws, arn, endpoint.as_ref(), sources, *sample))
        }
        Question::Endpoint { url } => Report::Endpoint(endpoint::look(ports, url)),
        Question::Gate { base } => Report::Gate(gate::look(ports, base)),
        Question::Staged { hal_dir, deployment, services } => {
            Report::Staged(staged::look(ports, hal_dir, deployment, services))
        }
        Question::Tasks { endpoint } => Report::Tasks(tasks::look(ports, endpoint)),
        Question::Ready { target, service } => Report::Ready(ready::look(ports, target, *service)),
        Question::Subscription { aws, topic, endpoint } => {
            Report::Subscription(aws::subscription(ports, aws, topic, endpoint))
        }
        Question::TargetsPlan { jobs, by } => Report::TargetsPlan(targets::plans(ports, jobs, by)),
        Question::TargetsStand { jobs, by } => Report::TargetsStand(targets::stand(ports, jobs, by)),
        Question::TargetsProgress { run, names } => {
            Report::TargetsProgress(targets::progress(ports, run, names))
        }
        Question::Probe { intent, .. } => Report::Probe(crate::steps::probe(ports, intent)),
    }
}
