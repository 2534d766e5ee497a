//! Services of which a few actions alone are called: where they are, and what they are called on the wire. The
//! crates that AWS generates for them would be a third of this program.

use aws_config::SdkConfig;
use aws_types::service_config::ServiceConfigKey;
use ecw_wizard::values::names::Region;

/// A service that speaks AWS JSON, by its model in botocore (`service-2.json`: `endpointPrefix`, `targetPrefix`,
/// `jsonVersion`, `serviceId`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Service {
    /// How its host begins.
    pub(crate) host: &'static str,
    /// How it is signed for.
    pub(crate) signed_as: &'static str,
    /// What stands before the action.
    pub(crate) target: &'static str,
    pub(crate) content_type: &'static str,
    /// What says that a dual-stack endpoint in GovCloud is a validated one; the others there are, all of them.
    validated: &'static str,
    /// How its own settings are called: `AWS_ENDPOINT_URL_<this>`.
    pub(crate) setting: &'static str,
}

/// AWS Config.
pub(crate) const CONFIG: Service = Service {
    host: "config",
    signed_as: "config",
    target: "StarlingDoveService",
    content_type: "application/x-amz-json-1.1",
    validated: "-fips",
    setting: "Config Service",
};

/// Amazon CloudWatch.
pub(crate) const CLOUDWATCH: Service = Service {
    host: "monitoring",
    signed_as: "monitoring",
    target: "GraniteServiceVersion20100801",
    content_type: "application/x-amz-json-1.0",
    validated: "",
    setting: "CloudWatch",
};

/// Amazon SQS.
pub(crate) const SQS: Service = Service {
    host: "sqs",
    signed_as: "sqs",
    target: "AmazonSQS",
    content_type: "application/x-amz-json-1.0",
    validated: "-fips",
    setting: "SQS",
};

impl Service {
    /// Returns where it answers: as it was set, else by the partition's rules (`endpointRuleSet` of its model; the
    /// endpoints that the SDK's own crates give are recorded in the test).
    pub(crate) fn endpoint(&self, config: &SdkConfig) -> String {
        let general = || config.endpoint_url().map(str::to_owned);
        // What was said in this program, such as a rehearsal's stand-in, is stronger than any environment.
        let set = if config.get_origin("endpoint_url").is_client_config() {
            general()
        } else {
            self.set(config).or_else(general)
        };
        let region = config.region().map(ToString::to_string).unwrap_or_default();
        let variant = Variant {
            fips: config.use_fips().unwrap_or_default(),
            dual_stack: config.use_dual_stack().unwrap_or_default(),
        };
        set.unwrap_or_else(|| self.host_in(&region, variant))
    }

    /// Returns its own setting in the environment or the profile's `services`.
    fn set(&self, config: &SdkConfig) -> Option<String> {
        let key = ServiceConfigKey::builder()
            .service_id(self.setting)
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build()
            .ok()?;
        config.service_config()?.load_config(key)
    }

    /// Returns where it answers where nothing else was wanted.
    pub(crate) fn usual_host(&self, region: &str) -> String {
        self.host_in(region, Variant { fips: false, dual_stack: false })
    }

    fn host_in(&self, region: &str, variant: Variant) -> String {
        let partition = Region::parse(region).map_or("aws", |region| region.partition());
        let suffixes = SUFFIXES.iter().find(|(name, ..)| *name == partition).unwrap_or(&SUFFIXES[0]);
        let suffix = if variant.dual_stack { suffixes.2 } else { suffixes.1 };
        let fips = match (variant.fips, partition, variant.dual_stack) {
            (false, ..) | (true, "aws-us-gov", false) => "",
            (true, "aws-us-gov", true) => self.validated,
            (true, ..) => "-fips",
        };
        format!("https://{}{fips}.{region}.{suffix}", self.host)
    }
}

/// Which of a service's endpoints is wanted.
#[derive(Clone, Copy, Debug)]
struct Variant {
    fips: bool,
    dual_stack: bool,
}

/// Partitions with their DNS suffixes, the usual one and that of dual stack (botocore's `partitions.json`).
const SUFFIXES: [(&str, &str, &str); 8] = [
    ("aws", "amazonaws.com", "api.aws"),
    ("aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    ("aws-us-gov", "amazonaws.com", "api.aws"),
    ("aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu"),
    ("aws-iso", "c2s.ic.gov", "api.aws.ic.gov"),
    ("aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud"),
    ("aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    ("aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_those_of_the_sdks_own_resolvers() {
        let recorded = include_str!("../../tests/fixtures/aws/endpoints.txt");
        for line in recorded.lines().filter(|line| !line.starts_with('#')) {
            let words: Vec<&str> = line.split(' ').collect();
            let [region, fips, dual_stack, expected @ ..] = &words[..] else { panic!("{line}") };
            let variant = Variant { fips: *fips == "true", dual_stack: *dual_stack == "true" };
            let found = [CONFIG, CLOUDWATCH, SQS].map(|service| service.host_in(region, variant));
            assert_eq!(found, expected, "{line}");
        }
    }
}
