//! Can SNS reach the endpoint: its name, its addresses, its certificate.

use std::net::IpAddr;

use ecw_wizard::model::check::{Check, CheckVerdict};
use ecw_wizard::model::report::EndpointReport;
use ecw_wizard::values::names::EndpointUrl;

use super::gate;
use ecw_ports::Ports;

pub(super) fn look(ports: &Ports, endpoint: &EndpointUrl) -> EndpointReport {
    let host = endpoint.host();
    let mut checks = Vec::new();
    match ports.web.addresses(host.trim_matches(['[', ']'])) {
        Err(why) => checks.push(
            Check::new(CheckVerdict::Warning, "Name", format!("{host} is not found from here ({why})"))
                .with_remedy("SNS looks it up in public DNS; an internal name does not work."),
        ),
        Ok(addresses) => {
            let private: Vec<String> =
                addresses.iter().filter(|each| !public(**each)).map(ToString::to_string).collect();
            let shown = addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            if private.is_empty() {
                checks.push(Check::new(CheckVerdict::Good, "Address", format!("{host} is {shown}, public")));
            } else {
                checks.push(
                    Check::new(CheckVerdict::Warning, "Address", format!("{host} is {} from here: not public", private.join(", ")))
                        .with_remedy("SNS reaches public addresses only. Fine if public DNS gives another address than yours; else use a public ingress."),
                );
            }
        }
    }
    if endpoint.protocol() == "https" {
        let port = url::Url::parse(endpoint.as_str())
            .ok()
            .and_then(|url| url.port_or_known_default())
            .unwrap_or(443);
        checks.push(match ports.web.certificate(&host, port) {
            Ok(()) => Check::new(CheckVerdict::Good, "Certificate", "its chain leads to a trusted authority"),
            Err(why) => Check::new(CheckVerdict::Warning, "Certificate", why.what).with_remedy(
                "SNS trusts public authorities only and wants the whole chain; self-signed ones are refused.",
            ),
        });
    } else {
        checks.push(
            Check::new(CheckVerdict::Warning, "Transport", "http: the messages travel unencrypted")
                .with_remedy("Prefer https."),
        );
    }
    EndpointReport { checks, answer: Some(gate::endpoint(ports, endpoint.as_str())) }
}

fn public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            let shared = first == 100 && (64..128).contains(&second);
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_broadcast()
                || shared)
        }
        IpAddr::V6(v6) => {
            !(v6.is_loopback()
                || v6.is_unspecified()
                || v6.segments()[0] & 0xfe00 == 0xfc00
                || v6.segments()[0] & 0xffc0 == 0xfe80)
        }
    }
}
