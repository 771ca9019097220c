//! Resolves the image of a service to a digest, as the docker CLI does.

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

/// Pins the image of a spec to the digest that its registry reports.
///
/// Uses the credentials `auth`, or else the context's. Returns a warning with the reason if the
/// digest cannot be resolved.
pub(crate) fn resolve<'a>(
    context: &Context,
    operation: &'static str,
    query_registry: bool,
    auth: Option<&AuthConfig>,
    spec: &'a ServiceSpec,
) -> Result<(Cow<'a, ServiceSpec>, Option<String>)> {
    let image = image_name(spec);
    let pinned = image.is_empty() || image.contains('@') || is_id(image);
    if !query_registry || pinned || context.version_for(operation)? < RESOLVED_BY_CLIENTS {
        return Ok((Cow::Borrowed(spec), None));
    }
    let tag = if is_tagged(image) { "" } else { ":latest" };
    let image = format!("{image}{tag}");
    let options = DistributionInspectOptions { auth: auth.cloned() };
    let mut spec = spec.clone();
    match context.distribution().inspect(&image, &options) {
        Ok(inspected) if !inspected.descriptor.digest.is_empty() => {
            set_image_name(&mut spec, format!("{image}@{}", inspected.descriptor.digest));
            set_platforms(&mut spec, &inspected);
            Ok((Cow::Owned(spec), None))
        }
        Ok(_) => {
            let warning = warning(&image, "the response has no digest");
            set_image_name(&mut spec, image);
            Ok((Cow::Owned(spec), Some(warning)))
        }
        Err(error) => {
            // Only the registry has failed if the engine has sent an error response.
            let Some(api_error) = error.api_error() else { return Err(error) };
            let warning = warning(&image, &api_error.message);
            set_image_name(&mut spec, image);
            Ok((Cow::Owned(spec), Some(warning)))
        }
    }
}

fn warning(image: &str, reason: &str) -> String {
    format!(
        "{image} was not resolved to a digest, so each node pulls the version that it finds; the \
         registry: {reason}"
    )
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

/// Restricts the placement to nodes that can run the image.
fn set_platforms(spec: &mut ServiceSpec, inspected: &DistributionInspect) {
    if inspected.platforms.is_empty() {
        return;
    }
    let platforms = inspected.platforms.iter().map(|platform| Platform {
        // Nodes report the variant of ARM, as in `armv7l`, but images only `arm`.
        architecture: match &*platform.architecture {
            "arm" => String::new(),
            architecture => architecture.to_owned(),
        },
        os: platform.os.clone(),
        ..Default::default()
    });
    spec.task_template.placement.get_or_insert_default().platforms = platforms.collect();
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
