//! Which option of a body needs which API version.
//!
//! Engines do not refuse options newer than the version spoken: they drop them silently. So bodies
//! are checked against these tables before they are sent, and an option that the engine would drop
//! is an error. Here they are for programs that want to know beforehand.
//!
//! Paths are dotted, with `[]` for any element of an array and `{}` for any value of a map. What a
//! path leads to, and everything below it, needs the version beside it. What is not listed is there
//! since 1.24, or since the operation is.

use serde_json::Value;

use crate::ApiVersion;

const fn api(minor: u16) -> ApiVersion {
    ApiVersion::new(1, minor)
}

/// Options of container create.
pub const CONTAINER_CREATE: &[(&str, ApiVersion)] = &[
    ("StopTimeout", api(25)),
    ("Healthcheck.StartPeriod", api(29)),
    ("Healthcheck.StartInterval", api(44)),
    ("HostConfig.AutoRemove", api(25)),
    ("HostConfig.CpuCount", api(25)),
    ("HostConfig.CpuRealtimePeriod", api(25)),
    ("HostConfig.CpuRealtimeRuntime", api(25)),
    ("HostConfig.Init", api(25)),
    ("HostConfig.Mounts", api(25)),
    ("HostConfig.NanoCpus", api(25)),
    ("HostConfig.DeviceCgroupRules", api(28)),
    ("HostConfig.Mounts[].Consistency", api(28)),
    ("HostConfig.Capabilities", api(40)),
    ("HostConfig.DeviceRequests", api(40)),
    ("HostConfig.KernelMemoryTCP", api(40)),
    ("HostConfig.Mounts[].BindOptions.NonRecursive", api(40)),
    ("HostConfig.CgroupnsMode", api(41)),
    ("HostConfig.Mounts[].BindOptions.CreateMountpoint", api(42)),
    ("HostConfig.Mounts[].ClusterOptions", api(42)),
    ("HostConfig.Annotations", api(43)),
    ("HostConfig.Mounts[].BindOptions.ReadOnlyForceRecursive", api(44)),
    ("HostConfig.Mounts[].BindOptions.ReadOnlyNonRecursive", api(44)),
    ("HostConfig.Mounts[].VolumeOptions.Subpath", api(45)),
    ("HostConfig.Mounts[].TmpfsOptions.Options", api(46)),
    ("HostConfig.Mounts[].ImageOptions", api(48)),
    ("NetworkingConfig.EndpointsConfig{}.MacAddress", api(44)),
    ("NetworkingConfig.EndpointsConfig{}.GwPriority", api(48)),
];

/// Options of container update.
pub const CONTAINER_UPDATE: &[(&str, ApiVersion)] = &[
    ("NanoCpus", api(28)),
    ("DeviceRequests", api(40)),
    ("KernelMemoryTCP", api(40)),
    ("PidsLimit", api(40)),
];

/// Options of exec create.
pub const CONTAINER_EXEC: &[(&str, ApiVersion)] =
    &[("Env", api(25)), ("WorkingDir", api(35)), ("ConsoleSize", api(42))];

/// Options of exec start.
pub const EXEC_START: &[(&str, ApiVersion)] = &[("ConsoleSize", api(42))];

/// Options of image commit.
pub const IMAGE_COMMIT: &[(&str, ApiVersion)] = &[
    ("StopTimeout", api(25)),
    ("Healthcheck.StartPeriod", api(29)),
    ("Healthcheck.StartInterval", api(44)),
];

/// Options of network create.
pub const NETWORK_CREATE: &[(&str, ApiVersion)] = &[
    ("Attachable", api(25)),
    ("Ingress", api(29)),
    ("ConfigFrom", api(30)),
    ("ConfigOnly", api(30)),
    ("Scope", api(30)),
    ("EnableIPv4", api(48)),
];

/// Options of network connect.
pub const NETWORK_CONNECT: &[(&str, ApiVersion)] =
    &[("EndpointConfig.GwPriority", api(48)), ("EndpointConfig.MacAddress", api(54))];

/// Options of volume create.
pub const VOLUME_CREATE: &[(&str, ApiVersion)] = &[("ClusterVolumeSpec", api(42))];

/// Options of service create and service update.
pub const SERVICE_SPEC: &[(&str, ApiVersion)] = &[
    ("UpdateConfig.MaxFailureRatio", api(25)),
    ("UpdateConfig.Monitor", api(25)),
    ("RollbackConfig", api(28)),
    ("Mode.GlobalJob", api(41)),
    ("Mode.ReplicatedJob", api(41)),
    ("TaskTemplate.ForceUpdate", api(25)),
    ("TaskTemplate.PluginSpec", api(31)),
    ("TaskTemplate.Placement.Platforms", api(30)),
    ("TaskTemplate.Placement.MaxReplicas", api(40)),
    ("TaskTemplate.Resources.Limits.Pids", api(41)),
    ("TaskTemplate.Resources.MemorySwappiness", api(52)),
    ("TaskTemplate.Resources.SwapBytes", api(52)),
    ("TaskTemplate.ContainerSpec.DNSConfig", api(25)),
    ("TaskTemplate.ContainerSpec.TTY", api(25)),
    ("TaskTemplate.ContainerSpec.Mounts[].Consistency", api(28)),
    ("TaskTemplate.ContainerSpec.ReadOnly", api(28)),
    ("TaskTemplate.ContainerSpec.Healthcheck.StartPeriod", api(29)),
    ("TaskTemplate.ContainerSpec.Privileges", api(29)),
    ("TaskTemplate.ContainerSpec.Isolation", api(35)),
    ("TaskTemplate.ContainerSpec.Configs[].Runtime", api(40)),
    ("TaskTemplate.ContainerSpec.Privileges.CredentialSpec.Config", api(40)),
    ("TaskTemplate.ContainerSpec.Sysctls", api(40)),
    ("TaskTemplate.ContainerSpec.CapabilityAdd", api(41)),
    ("TaskTemplate.ContainerSpec.CapabilityDrop", api(41)),
    ("TaskTemplate.ContainerSpec.Mounts[].BindOptions.NonRecursive", api(41)),
    ("TaskTemplate.ContainerSpec.Ulimits", api(41)),
    ("TaskTemplate.ContainerSpec.Mounts[].BindOptions.CreateMountpoint", api(42)),
    ("TaskTemplate.ContainerSpec.Mounts[].ClusterOptions", api(42)),
    ("TaskTemplate.ContainerSpec.Healthcheck.StartInterval", api(44)),
    ("TaskTemplate.ContainerSpec.Mounts[].BindOptions.ReadOnlyForceRecursive", api(44)),
    ("TaskTemplate.ContainerSpec.Mounts[].BindOptions.ReadOnlyNonRecursive", api(44)),
    ("TaskTemplate.ContainerSpec.Privileges.AppArmor", api(44)),
    ("TaskTemplate.ContainerSpec.Privileges.NoNewPrivileges", api(44)),
    ("TaskTemplate.ContainerSpec.Privileges.Seccomp", api(44)),
    ("TaskTemplate.ContainerSpec.Mounts[].VolumeOptions.Subpath", api(45)),
    ("TaskTemplate.ContainerSpec.Mounts[].TmpfsOptions.Options", api(46)),
    ("TaskTemplate.ContainerSpec.OomScoreAdj", api(46)),
    ("TaskTemplate.ContainerSpec.Mounts[].ImageOptions", api(48)),
];

/// Options of swarm init.
pub const SWARM_INIT: &[(&str, ApiVersion)] = &[
    ("DataPathAddr", api(30)),
    ("DefaultAddrPool", api(39)),
    ("SubnetSize", api(39)),
    ("DataPathPort", api(40)),
    ("Spec.CAConfig.ForceRotate", api(30)),
    ("Spec.CAConfig.SigningCACert", api(30)),
    ("Spec.CAConfig.SigningCAKey", api(30)),
];

/// Options of swarm join.
pub const SWARM_JOIN: &[(&str, ApiVersion)] = &[("DataPathAddr", api(30))];

/// Options of swarm update.
pub const SWARM_SPEC: &[(&str, ApiVersion)] = &[
    ("CAConfig.ForceRotate", api(30)),
    ("CAConfig.SigningCACert", api(30)),
    ("CAConfig.SigningCAKey", api(30)),
];

/// Options of secret create and secret update.
pub const SECRET_SPEC: &[(&str, ApiVersion)] = &[("Driver", api(31)), ("Templating", api(37))];

/// Options of config create and config update.
pub const CONFIG_SPEC: &[(&str, ApiVersion)] = &[("Templating", api(37))];

/// The first option in `body` that needs a version above `spoken`: its path, such as
/// `HostConfig.Mounts[0].VolumeOptions.Subpath`, and the version it needs.
///
/// An option that is `null` was not given.
pub(crate) fn newer_fields(
    body: &[u8],
    table: &[(&str, ApiVersion)],
    spoken: ApiVersion,
) -> Option<(String, ApiVersion)> {
    let mut newer = table.iter().filter(|(_, since)| *since > spoken).peekable();
    newer.peek()?;
    let body: Value = serde_json::from_slice(body).ok()?;
    newer.find_map(|(path, since)| {
        let steps: Vec<&str> = path.split('.').collect();
        Some((find(&body, &steps, String::new())?, *since))
    })
}

/// The first place in `value` that `steps` lead to, written behind `walked`.
fn find(value: &Value, steps: &[&str], walked: String) -> Option<String> {
    let Some((step, rest)) = steps.split_first() else {
        return (!value.is_null()).then_some(walked);
    };
    let name = step.trim_end_matches("[]").trim_end_matches("{}");
    let separator = if walked.is_empty() { "" } else { "." };
    let walked = format!("{walked}{separator}{name}");
    let value = value.get(name)?;
    if step.ends_with("[]") {
        let elements = value.as_array()?.iter().enumerate();
        elements.flat_map(|(index, value)| find(value, rest, format!("{walked}[{index}]"))).next()
    } else if step.ends_with("{}") {
        let members = value.as_object()?.iter();
        members.flat_map(|(key, value)| find(value, rest, format!("{walked}[{key:?}]"))).next()
    } else {
        find(value, rest, walked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[(&str, ApiVersion)] = &[
        ("Platform", ApiVersion::new(1, 41)),
        ("HostConfig.Annotations", ApiVersion::new(1, 43)),
        ("HostConfig.Mounts[].VolumeOptions.Subpath", ApiVersion::new(1, 45)),
        ("NetworkingConfig.EndpointsConfig{}.GwPriority", ApiVersion::new(1, 48)),
    ];

    fn newer(body: &str, minor: u16) -> Option<(String, u16)> {
        let found = newer_fields(body.as_bytes(), TABLE, ApiVersion::new(1, minor))?;
        Some((found.0, found.1.minor))
    }

    #[test]
    fn names_the_place_and_the_version() {
        let annotated = r#"{"HostConfig":{"Annotations":{}}}"#;
        assert_eq!(newer(annotated, 42), Some(("HostConfig.Annotations".into(), 43)));
        assert_eq!(newer(annotated, 43), None);
        let mounted = r#"{"HostConfig":{"Mounts":[{},{"VolumeOptions":{"Subpath":"a"}}]}}"#;
        let path = "HostConfig.Mounts[1].VolumeOptions.Subpath";
        assert_eq!(newer(mounted, 44), Some((path.into(), 45)));
        let networked =
            r#"{"NetworkingConfig":{"EndpointsConfig":{"a":{},"b.c":{"GwPriority":0}}}}"#;
        let path = r#"NetworkingConfig.EndpointsConfig["b.c"].GwPriority"#;
        assert_eq!(newer(networked, 47), Some((path.into(), 48)));
        assert_eq!(newer(networked, 55), None);
    }

    #[test]
    fn what_is_not_given_needs_nothing() {
        for body in [
            "{}",
            r#"{"Platform":null}"#,
            r#"{"Other":{"Platform":"a"}}"#,
            r#"{"HostConfig":null}"#,
            r#"{"HostConfig":{"Mounts":{}}}"#,
            "[]",
            "",
        ] {
            assert_eq!(newer(body, 24), None, "{body}");
        }
    }
}
