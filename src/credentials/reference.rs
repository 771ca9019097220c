//! The registry of an image reference, and the key of its credentials.

/// The key of Docker Hub: the URL of its first API.
pub(crate) const DOCKER_HUB: &str = "https://index.docker.io/v1/";

/// Returns the key of the registry for an image reference, the name of a plugin or a search term.
///
/// The part before the first slash is the host of a registry if it contains a dot, a port or a capital
/// letter, or is `localhost`. All other references belong to Docker Hub.
pub(crate) fn registry_of(reference: &str) -> &str {
    let Some((host, _)) = reference.split_once('/') else { return DOCKER_HUB };
    let is_host =
        host == "localhost" || host.contains(['.', ':']) || host.chars().any(char::is_uppercase);
    if is_host { key_of(host) } else { DOCKER_HUB }
}

/// Returns the key of a registry in a credential store: its host and port, or [`DOCKER_HUB`].
pub(crate) fn key_of(registry: &str) -> &str {
    match registry {
        "" | "docker.io" | "index.docker.io" | DOCKER_HUB => DOCKER_HUB,
        _ => host_of(registry),
    }
}

/// Returns the host in a key. Old versions of the Docker CLI wrote URLs as keys.
pub(crate) fn host_of(key: &str) -> &str {
    let rest = key.strip_prefix("https://").or_else(|| key.strip_prefix("http://"));
    rest.unwrap_or(key).split('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registries_of_references() {
        for (reference, registry) in [
            ("busybox", DOCKER_HUB),
            ("busybox:1.36", DOCKER_HUB),
            ("busybox@sha256:0123", DOCKER_HUB),
            // Without a slash, the part after the colon is a tag.
            ("registry:5000", DOCKER_HUB),
            ("library/busybox", DOCKER_HUB),
            ("ann/app:1.2", DOCKER_HUB),
            ("my-team/app", DOCKER_HUB),
            ("docker.io/ann/app", DOCKER_HUB),
            ("docker.io/busybox", DOCKER_HUB),
            ("index.docker.io/ann/app", DOCKER_HUB),
            ("registry-1.docker.io/ann/app", "registry-1.docker.io"),
            ("localhost/app", "localhost"),
            ("localhost:5000/app:1", "localhost:5000"),
            ("registry:5000/app", "registry:5000"),
            ("registry:5000/team/app@sha256:0123", "registry:5000"),
            ("127.0.0.1:5000/app", "127.0.0.1:5000"),
            ("[::1]:5000/app", "[::1]:5000"),
            ("quay.io/team/app", "quay.io"),
            ("ghcr.io/team/app:v1.2", "ghcr.io"),
            (
                "123456789012.dkr.ecr.eu-central-1.amazonaws.com/app",
                "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
            ),
            ("Host/app", "Host"),
            ("", DOCKER_HUB),
        ] {
            assert_eq!(registry_of(reference), registry, "{reference:?}");
        }
    }

    #[test]
    fn keys_of_registries() {
        for (registry, key) in [
            ("", DOCKER_HUB),
            ("docker.io", DOCKER_HUB),
            ("index.docker.io", DOCKER_HUB),
            (DOCKER_HUB, DOCKER_HUB),
            ("registry:5000", "registry:5000"),
            ("https://registry.example.com/v1/", "registry.example.com"),
            ("http://registry.example.com:5000", "registry.example.com:5000"),
            ("registry.example.com/team", "registry.example.com"),
        ] {
            assert_eq!(key_of(registry), key, "{registry:?}");
        }
    }
}
