//! How Spinnaker is deployed from here, and what kubectl is told where it deploys.

use crate::model::mode::Mode;
use crate::model::place::{Cluster, GivenCluster, Ground, ProfileHome};
use crate::model::question::Question;
use crate::state::Session;
use crate::values::answers::Key;
use crate::values::halyard_in::HalyardIn;
use crate::values::road::Road;
use crate::values::shell_words::shell_words;

impl Session {
    /// Returns how Spinnaker is deployed from here.
    #[must_use]
    pub fn road(&self) -> Road {
        self.answers.road()
    }

    fn given(&self, key: Key) -> Option<String> {
        Some(self.answers.text(key).to_owned()).filter(|text| !text.is_empty())
    }

    fn given_cluster(&self) -> GivenCluster {
        GivenCluster {
            kubeconfig: self.given(Key::Kubeconfig),
            context: self.given(Key::KubeContext),
            namespace: self.given(Key::KubeNamespace),
        }
    }

    /// Returns what is to be looked for and the directory where, on this road.
    pub(crate) fn ground(&self) -> (Option<String>, Ground) {
        let cluster = self.given_cluster();
        let kubectl = shell_words(self.answers.text(Key::Kubectl));
        match self.road() {
            Road::Halyard => (None, Ground::Halyard),
            Road::Kustomize => (self.given(Key::Overlay), Ground::Overlay { kubectl, cluster }),
            Road::Operator => {
                let path = self.answers.text(Key::Manifest);
                let (dir, file) = path.rsplit_once('/').unwrap_or((".", path));
                let dir = if dir.is_empty() { "/" } else { dir };
                let overlay = self.given(Key::Overlay);
                (Some(dir.to_owned()), Ground::Manifest { file: file.to_owned(), overlay, kubectl, cluster })
            }
        }
    }

    /// Returns how the profiles are kept by the answers of this session, never by the journal; `None` = an overlay
    /// that was not read, whose paths are found anew before they are followed.
    pub(crate) fn own_home(&self) -> Option<ProfileHome> {
        match self.ground().1 {
            Ground::Halyard => Some(ProfileHome::Halyard),
            Ground::Manifest { file, .. } => Some(ProfileHome::Manifest { file }),
            Ground::Overlay { .. } => {
                self.facts.site().map(|site| site.home.clone()).filter(|home| !home.is_halyard())
            }
        }
    }

    /// Returns the cluster that kubectl deploys to; `None` while overlay or manifest were not read.
    #[must_use]
    pub fn cluster(&self) -> Option<Cluster> {
        self.ready_target().cluster
    }

    /// Returns the words that call kubectl with its context.
    #[must_use]
    pub fn kubectl(&self) -> Vec<String> {
        let kubectl = shell_words(self.answers.text(Key::Kubectl));
        let given = self.given_cluster();
        let cluster = self.cluster().unwrap_or_else(|| Cluster {
            halyard_in: HalyardIn::Local,
            kubeconfig: given.kubeconfig,
            context: given.context,
            namespace: given.namespace.unwrap_or_default(),
        });
        cluster.kubectl(&kubectl)
    }

    /// Returns what kubectl is told to apply: the overlay, or the manifest.
    pub(crate) fn applied(&self) -> Vec<String> {
        if let Some(site) = self.facts.site().filter(|site| !site.apply.is_empty()) {
            return site.apply.clone();
        }
        // What cannot be read now is applied by its name all the same: an undo has to go on.
        let namespace = self.given(Key::KubeNamespace).map(|name| vec!["--namespace".to_owned(), name]);
        let what = match (self.given(Key::Overlay), self.given(Key::Manifest)) {
            (Some(dir), _) => vec!["-k".to_owned(), dir],
            (None, Some(file)) => vec!["-f".to_owned(), file],
            (None, None) => Vec::new(),
        };
        namespace.into_iter().flatten().chain(what).collect()
    }

    /// Returns the exact command with which kubectl deploys.
    #[must_use]
    pub fn kubectl_apply(&self) -> Vec<String> {
        let mut command = self.kubectl();
        command.push("apply".to_owned());
        command.extend(self.applied());
        command
    }

    /// Returns what is asked about the cluster and about what would be sent there.
    pub(crate) fn wanted_of_cluster(&self) -> Vec<Question> {
        let Some(cluster) = self.cluster() else { return Vec::new() };
        let kubectl = shell_words(self.answers.text(Key::Kubectl));
        let mut wanted = vec![Question::Cluster { kubectl, cluster, road: self.road() }];
        if let (Some(profiles), Some(found)) = (self.wanted_profiles(), self.facts.profiles())
            && self.setup.mode != Mode::Look
        {
            let of = found.files.iter().map(|file| file.before.clone()).collect();
            let (kubectl, apply) = (self.kubectl(), self.applied());
            wanted.push(Question::Rendered { wanted: profiles, kubectl, apply, of });
        }
        wanted
    }
}
