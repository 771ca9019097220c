//! Resolves the image of a service to a digest and its platforms, as the docker CLI does.

use std::borrow::Cow;

use super::super::images::transfer::is_tagged;
use crate::model::{AuthConfig, DistributionInspect, Platform, ServiceSpec};
use crate::{ApiVersion, Context, DistributionInspectOptions, Result};

/// Before this version the engine resolves the digest itself.
const RESOLVED_BY_CLIENTS: ApiVersion = ApiVersion::new(1, 30);

/// The image of a service, or the reference of its plugin; empty if it has neither.
pub(super) fn image_name(spec: &ServiceSpec) -> &str {
    let task = &spec.task_template;
    match (&task.container_spec, &task.plugin_spec) {
        (Some(container), _) => &container.image,
        (None, Some(plugin)) => &plugin.remote,
        (None, None) => "",
    }
}

/// Pins the image of a spec to the digest that its registry reports, and restricts the tasks to
/// nodes that can run it. An image that has a digest keeps it.
///
/// Uses the credentials `auth`, or else the context's. Returns a warning with the reason if the
/// registry does not report them.
pub(crate) fn resolve<'a>(
    context: &Context,
    operation: &'static str,
    query_registry: bool,
    auth: Option<&AuthConfig>,
    spec: &'a ServiceSpec,
) -> Result<(Cow<'a, ServiceSpec>, Option<String>)> {
    let image = image_name(spec);
    let has_name = !image.is_empty() && !is_id(image);
    if !query_registry || !has_name || context.version_for(operation)? < RESOLVED_BY_CLIENTS {
        return Ok((Cow::Borrowed(spec), None));
    }
    let pinned = image.contains('@');
    let tag = if is_tagged(image) { "" } else { ":latest" };
    let image = format!("{image}{tag}");
    let options = DistributionInspectOptions { auth: auth.cloned() };
    let mut spec = spec.clone();
    let warning = match context.distribution().inspect(&image, &options) {
        Ok(inspected) if pinned || !inspected.descriptor.digest.is_empty() => {
            set_platforms(&mut spec, &inspected);
            if !pinned {
                set_image_name(&mut spec, format!("{image}@{}", inspected.descriptor.digest));
            }
            return Ok((Cow::Owned(spec), None));
        }
        Ok(_) => warning(&image, pinned, "the response has no digest"),
        Err(error) => {
            // Only the registry has failed if the engine has sent an error response.
            let Some(api_error) = error.api_error() else { return Err(error) };
            warning(&image, pinned, &api_error.message)
        }
    };
    set_image_name(&mut spec, image);
    Ok((Cow::Owned(spec), Some(warning)))
}

fn warning(image: &str, pinned: bool, reason: &str) -> String {
    let problem = if pinned {
        "could not be looked up, so its tasks may be assigned to nodes that cannot run it"
    } else {
        "was not resolved to a digest, so each node pulls the version that it finds"
    };
    format!("{image} {problem}; the registry: {reason}")
}

/// Whether this is an image ID, not a name.
fn is_id(image: &str) -> bool {
    let id = image.strip_prefix("sha256:").unwrap_or(image);
    id.len() == 64 && id.bytes().all(|it| it.is_ascii_hexdigit())
}

fn set_image_name(spec: &mut ServiceSpec, name: String) {
    let task = &mut spec.task_template;
    match (&mut task.container_spec, &mut task.plugin_spec) {
        (Some(container), _) => container.image = name,
        (None, Some(plugin)) => plugin.remote = name,
        (None, None) => {}
    }
}

/// Restricts the placement to nodes that can run the image, in place of the platforms of a previous
/// image.
fn set_platforms(spec: &mut ServiceSpec, inspected: &DistributionInspect) {
    let mut platforms = Vec::new();
    // Attestations have the platform `unknown/unknown`.
    for platform in inspected.platforms.iter().filter(|it| it.os != "unknown") {
        let platform = Platform {
            // Nodes report the variant of ARM, as in `armv7l`, but images only `arm`.
            architecture: match &*platform.architecture {
                "arm" => String::new(),
                architecture => architecture.to_owned(),
            },
            os: platform.os.clone(),
            ..Default::default()
        };
        if !platforms.contains(&platform) {
            platforms.push(platform);
        }
    }
    let placement = &mut spec.task_template.placement;
    if placement.is_some() || !platforms.is_empty() {
        placement.get_or_insert_default().platforms = platforms;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinguishes_ids_from_names() {
        let hex = "0123456789abcdef".repeat(4);
        assert!(is_id(&hex) && is_id(&format!("sha256:{hex}")));
        assert!(!is_id("busybox") && !is_id(&hex[1..]) && !is_id("sha256"));
    }
}
