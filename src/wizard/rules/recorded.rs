//! Does AWS Config record what Clouddriver caches, and at once?

use crate::model::aws_report::{Recording, RecordingFrequency, RecordingGroup};

/// What Clouddriver's AWS provider caches, by AWS Config's names (`assets/recorded-types.yml`).
pub const CACHED_TYPES: [&str; 12] = [
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::AutoScaling::LaunchConfiguration",
    "AWS::CloudFormation::Stack",
    "AWS::EC2::Instance",
    "AWS::EC2::LaunchTemplate",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::Subnet",
    "AWS::EC2::VPC",
    "AWS::ElasticLoadBalancing::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::IAM::Role",
    "AWS::Lambda::Function",
];

/// IAM is recorded in one region of an account as a rule, so that it is missing in the others is no fault.
fn is_global(kind: &str) -> bool {
    kind.starts_with("AWS::IAM::")
}

/// Returns what Clouddriver caches and the recorder leaves out, IAM in a recorder of regional types apart.
#[must_use]
pub fn left_out(recording: &Recording) -> Vec<&'static str> {
    let is_left_out = |kind: &str| match &recording.group {
        RecordingGroup::AllRegional | RecordingGroup::AllAndGlobal => false,
        RecordingGroup::AllBut(types) => types.iter().any(|each| each == kind),
        RecordingGroup::Only(types) => types.iter().all(|each| each != kind),
    };
    let listed = matches!(recording.group, RecordingGroup::Only(_));
    CACHED_TYPES.into_iter().filter(|kind| is_left_out(kind) && !(listed && is_global(kind))).collect()
}

/// Returns what Clouddriver caches and the recorder records once a day only.
#[must_use]
pub fn daily(recording: &Recording) -> Vec<&'static str> {
    let left_out = left_out(recording);
    let names = |types: &[String], kind: &str| types.iter().any(|each| each == kind);
    let is_daily = |kind: &str| match recording.frequency {
        RecordingFrequency::Daily => !names(&recording.continuous, kind),
        RecordingFrequency::Continuous => names(&recording.daily, kind),
    };
    CACHED_TYPES.into_iter().filter(|kind| is_daily(kind) && !left_out.contains(kind)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(types: &[&str]) -> Vec<String> {
        types.iter().map(|each| (*each).to_owned()).collect()
    }

    #[test]
    fn what_is_left_out_or_comes_once_a_day_is_told_by_group_and_mode() {
        let of = |group| Recording { group, ..Recording::default() };
        assert_eq!(left_out(&of(RecordingGroup::AllAndGlobal)), Vec::<&str>::new());
        assert_eq!(left_out(&of(RecordingGroup::AllRegional)), Vec::<&str>::new());
        let but = RecordingGroup::AllBut(some(&["AWS::EC2::Instance", "AWS::S3::Bucket"]));
        assert_eq!(left_out(&of(but)), ["AWS::EC2::Instance"]);
        let mut wanted = CACHED_TYPES.to_vec();
        wanted.retain(|each| !["AWS::EC2::VPC", "AWS::IAM::Role"].contains(each));
        assert_eq!(left_out(&of(RecordingGroup::Only(some(&["AWS::EC2::VPC"])))), wanted);

        let mut recording = of(RecordingGroup::AllAndGlobal);
        assert_eq!(daily(&recording), Vec::<&str>::new());
        recording.daily = some(&["AWS::EC2::VPC", "AWS::S3::Bucket"]);
        assert_eq!(daily(&recording), ["AWS::EC2::VPC"]);
        recording.frequency = RecordingFrequency::Daily;
        recording.continuous = some(&CACHED_TYPES[1..]);
        assert_eq!(daily(&recording), [CACHED_TYPES[0]]);
    }
}
