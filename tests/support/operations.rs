//! Every operation, called with no more than it needs.

use dockline::{Context, ImageCreateOptions, RawRequest, Result};

/// One operation of the engine.
pub struct Operation {
    /// As the Engine API calls it.
    pub id: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// Path without version prefix, and query.
    pub target: &'static str,
    /// Makes the call. What streams is opened and dropped.
    pub call: fn(&Context) -> Result<()>,
}

const fn row(
    id: &'static str,
    method: &'static str,
    target: &'static str,
    call: fn(&Context) -> Result<()>,
) -> Operation {
    Operation { id, method, target, call }
}

/// All of them but the ping, whose path has no version.
pub const OPERATIONS: &[Operation] = &[
    row("SystemVersion", "GET", "/version", |c| c.system().version().map(drop)),
    row("SystemInfo", "GET", "/info", |c| c.system().info().map(drop)),
    row("SystemEvents", "GET", "/events", |c| c.system().events(&Default::default()).map(drop)),
    row("ContainerList", "GET", "/containers/json", |c| {
        c.containers().list(&Default::default()).map(drop)
    }),
    row("ContainerCreate", "POST", "/containers/create", |c| {
        c.containers().create(&Default::default(), &Default::default()).map(drop)
    }),
    row("ContainerInspect", "GET", "/containers/web/json", |c| {
        c.containers().inspect("web", &Default::default()).map(drop)
    }),
    row("ContainerStart", "POST", "/containers/web/start", |c| {
        c.containers().start("web", &Default::default()).map(drop)
    }),
    row("ContainerStop", "POST", "/containers/web/stop", |c| {
        c.containers().stop("web", &Default::default()).map(drop)
    }),
    row("ContainerRestart", "POST", "/containers/web/restart", |c| {
        c.containers().restart("web", &Default::default())
    }),
    row("ContainerKill", "POST", "/containers/web/kill", |c| {
        c.containers().kill("web", &Default::default())
    }),
    row("ContainerPause", "POST", "/containers/web/pause", |c| c.containers().pause("web")),
    row("ContainerUnpause", "POST", "/containers/web/unpause", |c| c.containers().unpause("web")),
    row("ContainerRename", "POST", "/containers/web/rename?name=next", |c| {
        c.containers().rename("web", "next")
    }),
    row("ContainerWait", "POST", "/containers/web/wait", |c| {
        c.containers().wait("web", &Default::default()).map(drop)
    }),
    row("ContainerLogs", "GET", "/containers/web/logs?stdout=1&stderr=1", |c| {
        c.containers().logs("web", &Default::default()).map(drop)
    }),
    row(
        "ContainerAttach",
        "POST",
        "/containers/web/attach?stream=1&stdin=1&stdout=1&stderr=1",
        |c| c.containers().attach("web", &Default::default()).map(drop),
    ),
    row("ContainerResize", "POST", "/containers/web/resize?h=24&w=80", |c| {
        c.containers().resize("web", 24, 80)
    }),
    row("ContainerDelete", "DELETE", "/containers/web", |c| {
        c.containers().delete("web", &Default::default())
    }),
    row("ImageList", "GET", "/images/json", |c| c.images().list(&Default::default()).map(drop)),
    row("ImageCreate", "POST", "/images/create?fromImage=busybox&tag=latest", |c| {
        let options = ImageCreateOptions { from_image: "busybox".into(), ..Default::default() };
        c.images().create(&options, None)?.finish()
    }),
    row("ImageInspect", "GET", "/images/busybox/json", |c| {
        c.images().inspect("busybox", &Default::default()).map(drop)
    }),
    row("ImageDelete", "DELETE", "/images/busybox", |c| {
        c.images().delete("busybox", &Default::default()).map(drop)
    }),
    row("Raw", "GET", "/anything", |c| {
        c.raw(&RawRequest { path: "/anything".into(), ..Default::default() }).map(drop)
    }),
];
