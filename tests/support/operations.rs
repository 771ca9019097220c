//! All operations, one row each: the call with its required arguments only, and the type of the
//! response.
//!
//! Tests of behaviour that operations share use this table: paths and versions, errors, the result
//! callback, cancellation, recorded responses. `docs/operations.csv` describes the operations
//! further.

use std::sync::LazyLock;

use dockline::codec::{JsonType, Kind};
use dockline::model::*;
use dockline::*;
use serde::Serialize;
use serde_json::Value;

/// An operation of the Engine API.
pub struct Operation {
    /// Its `operationId`.
    pub id: &'static str,
    /// Path without version prefix, and query.
    pub target: &'static str,
    call: &'static dyn Call,
    body: Option<&'static Kind>,
    unrecorded: Option<&'static str>,
}

/// The call of an operation.
trait Call: Sync {
    /// Makes the call. A stream is opened and dropped.
    fn make(&self, context: &Context) -> Result<()>;

    /// Makes the call; returns the response as its model serializes it.
    fn serialized(&self, _: &Context) -> Option<Result<Value>> {
        None
    }

    /// Returns the JSON type of the response.
    fn response(&self) -> Option<&'static Kind> {
        None
    }
}

/// A call without JSON in its response.
struct Done(fn(&Context) -> Result<()>);

/// A call whose response is one JSON value.
struct Json<T>(fn(&Context) -> Result<T>);

/// A call whose response is a stream of JSON values.
struct Items<T>(fn(&Context) -> Result<Records<T>>);

impl Call for Done {
    fn make(&self, context: &Context) -> Result<()> {
        self.0(context)
    }
}

impl<T: JsonType + Serialize> Call for Json<T> {
    fn make(&self, context: &Context) -> Result<()> {
        self.0(context).map(drop)
    }

    fn serialized(&self, context: &Context) -> Option<Result<Value>> {
        Some(self.0(context).map(|it| serde_json::to_value(it).unwrap()))
    }

    fn response(&self) -> Option<&'static Kind> {
        Some(T::KIND)
    }
}

impl<T: JsonType + Serialize> Call for Items<T> {
    fn make(&self, context: &Context) -> Result<()> {
        self.0(context).map(drop)
    }

    fn serialized(&self, context: &Context) -> Option<Result<Value>> {
        let first = self.0(context).and_then(|mut it| it.next().expect("the stream has an item"));
        Some(first.map(|it| serde_json::to_value(it).unwrap()))
    }

    fn response(&self) -> Option<&'static Kind> {
        Some(T::KIND)
    }
}

/// The rows of `docs/operations.csv`: operation, method, path, first API version, and more.
static CSV_ROWS: LazyLock<Vec<Vec<&str>>> = LazyLock::new(|| {
    let rows = include_str!("../../docs/operations.csv").lines().skip(1);
    rows.map(|row| row.split(',').collect()).collect()
});

impl Operation {
    /// Sets the type of the request's JSON body.
    const fn body<T: JsonType>(self) -> Operation {
        Operation { body: Some(T::KIND), ..self }
    }

    /// Excludes the response from the recorded ones, with the reason.
    const fn unrecorded(self, reason: &'static str) -> Operation {
        Operation { unrecorded: Some(reason), ..self }
    }

    /// Returns the operation with this `operationId`.
    pub fn find(id: &str) -> Option<&'static Operation> {
        OPERATIONS.iter().find(|it| it.id == id)
    }

    fn csv_row(&self) -> &'static [&'static str] {
        let row = CSV_ROWS.iter().find(|row| row[0] == self.id);
        row.unwrap_or_else(|| panic!("docs/operations.csv has no row of {}", self.id))
    }

    /// Returns the HTTP method.
    pub fn method(&self) -> &'static str {
        Some(self.csv_row()[1]).filter(|it| *it != "*").unwrap_or("GET")
    }

    /// Returns the minor number of the first API version with this operation; 24 for older and
    /// undocumented operations.
    pub fn since(&self) -> u16 {
        self.csv_row()[3].strip_prefix("1.").map_or(24, |minor| minor.parse().unwrap())
    }

    /// Makes the call. A stream is opened and dropped.
    pub fn call(&self, context: &Context) -> Result<()> {
        self.call.make(context)
    }

    /// Makes the call; returns the response as its model serializes it, or `None` if it is not
    /// JSON.
    pub fn serialized(&self, context: &Context) -> Option<Result<Value>> {
        self.call.serialized(context)
    }

    /// Returns the type of the request's JSON body.
    pub fn request(&self) -> Option<&'static Kind> {
        self.body
    }

    /// Returns the JSON type of the response.
    pub fn response(&self) -> Option<&'static Kind> {
        self.call.response()
    }

    /// Returns the path without version prefix.
    pub fn path(&self) -> &'static str {
        self.target.split('?').next().unwrap()
    }

    /// Returns a response with a value in each field, or `None` if the response is not JSON.
    pub fn sample(&self) -> Option<Value> {
        self.response().map(sample)
    }

    /// Returns whether `tests/data/responses` has a response of each engine that supports the
    /// operation.
    pub fn is_recorded(&self) -> bool {
        self.response().is_some() && self.unrecorded.is_none()
    }

    /// Returns the message of an error response with status 500 and this message. Responses to HEAD have no body.
    pub fn api_error(&self, message: &str) -> String {
        match self.method() {
            "HEAD" => format!("Internal Server Error: HEAD {}", self.target),
            _ => message.to_owned(),
        }
    }
}

fn sample(kind: &Kind) -> Value {
    match kind {
        Kind::Bool => true.into(),
        Kind::Integer(_) | Kind::Number => 1.into(),
        Kind::String | Kind::Leaf(_) => "text".into(),
        Kind::Tree(_) | Kind::Any | Kind::Opaque => Value::Null,
        Kind::Record(table) => {
            let base = table.base.iter().flat_map(|base| base.table.fields);
            let fields = base.chain(table.fields);
            fields.map(|it| (it.name().to_owned(), sample(&it.kind))).collect()
        }
        Kind::List(item) => [sample(item)].into_iter().collect(),
        Kind::Map(value) => [("text".to_owned(), sample(value))].into_iter().collect(),
        Kind::Optional(kind) => sample(kind),
    }
}

const fn row(id: &'static str, target: &'static str, call: &'static dyn Call) -> Operation {
    Operation { id, target, call, body: None, unrecorded: None }
}

/// All operations except the ping, whose path has no version.
pub const OPERATIONS: &[Operation] = &[
    row("SystemVersion", "/version", &Json(|c| c.system().version())),
    row("SystemInfo", "/info", &Json(|c| c.system().info())),
    row("SystemAuth", "/auth", &Json(|c| c.system().auth(&Default::default())))
        .body::<AuthConfig>(),
    row("SystemDataUsage", "/system/df", &Json(|c| c.system().data_usage(&Default::default()))),
    row("SystemEvents", "/events", &Items(|c| c.system().events(&Default::default())))
        .unrecorded("does not end"),
    row("ContainerList", "/containers/json", &Json(|c| c.containers().list(&Default::default()))),
    row(
        "ContainerCreate",
        "/containers/create",
        &Json(|c| c.containers().create(&Default::default(), &Default::default())),
    )
    .body::<ContainerCreateRequest>(),
    row(
        "ContainerInspect",
        "/containers/web/json",
        &Json(|c| c.containers().inspect("web", &Default::default())),
    ),
    row(
        "ContainerStart",
        "/containers/web/start",
        &Done(|c| c.containers().start("web", &Default::default()).map(drop)),
    ),
    row(
        "ContainerStop",
        "/containers/web/stop",
        &Done(|c| c.containers().stop("web", &Default::default()).map(drop)),
    ),
    row(
        "ContainerRestart",
        "/containers/web/restart",
        &Done(|c| c.containers().restart("web", &Default::default())),
    ),
    row(
        "ContainerKill",
        "/containers/web/kill",
        &Done(|c| c.containers().kill("web", &Default::default())),
    ),
    row("ContainerPause", "/containers/web/pause", &Done(|c| c.containers().pause("web"))),
    row("ContainerUnpause", "/containers/web/unpause", &Done(|c| c.containers().unpause("web"))),
    row(
        "ContainerRename",
        "/containers/web/rename?name=next",
        &Done(|c| c.containers().rename("web", "next")),
    ),
    row(
        "ContainerWait",
        "/containers/web/wait",
        &Json(|c| c.containers().wait("web", &Default::default())),
    ),
    row(
        "ContainerUpdate",
        "/containers/web/update",
        &Json(|c| c.containers().update("web", &Default::default())),
    )
    .body::<ContainerUpdateRequest>(),
    row(
        "ContainerTop",
        "/containers/web/top",
        &Json(|c| c.containers().top("web", &Default::default())),
    ),
    row(
        "ContainerStats",
        "/containers/web/stats?stream=1",
        &Items(|c| c.containers().stats("web")),
    ),
    row("ContainerChanges", "/containers/web/changes", &Json(|c| c.containers().changes("web"))),
    row(
        "ContainerExport",
        "/containers/web/export",
        &Done(|c| c.containers().export("web").map(drop)),
    ),
    row(
        "ContainerArchiveInfo",
        "/containers/web/archive?path=/etc",
        &Done(|c| c.containers().archive_info("web", "/etc").map(drop)),
    ),
    row(
        "ContainerArchive",
        "/containers/web/archive?path=/etc",
        &Done(|c| c.containers().archive("web", "/etc").map(drop)),
    ),
    row(
        "PutContainerArchive",
        "/containers/web/archive?path=/srv",
        &Done(|c| {
            let options = PutContainerArchiveOptions { path: "/srv".into(), ..Default::default() };
            c.containers().put_archive("web", &options, &mut &b"tar"[..])
        }),
    ),
    row(
        "CheckpointList",
        "/containers/web/checkpoints",
        &Json(|c| c.containers().checkpoint_list("web", &Default::default())),
    )
    .unrecorded("needs CRIU and an experimental engine"),
    row(
        "CheckpointCreate",
        "/containers/web/checkpoints",
        &Done(|c| {
            let options =
                CheckpointCreateOptions { checkpoint_id: "cp".into(), ..Default::default() };
            c.containers().checkpoint_create("web", &options)
        }),
    ),
    row(
        "CheckpointDelete",
        "/containers/web/checkpoints/cp",
        &Done(|c| c.containers().checkpoint_delete("web", "cp", &Default::default())),
    ),
    row(
        "ContainerLogs",
        "/containers/web/logs?stdout=1&stderr=1",
        &Done(|c| c.containers().logs("web", &Default::default()).map(drop)),
    ),
    row(
        "ContainerAttach",
        "/containers/web/attach?stream=1&stdin=1&stdout=1&stderr=1",
        &Done(|c| c.containers().attach("web", &Default::default()).map(drop)),
    ),
    #[cfg(feature = "websocket")]
    row(
        "ContainerAttachWebsocket",
        "/containers/web/attach/ws?stream=1&stdin=1&stdout=1&stderr=1",
        &Done(|c| c.containers().attach_websocket("web", &Default::default()).map(drop)),
    ),
    row(
        "ContainerResize",
        "/containers/web/resize?h=24&w=80",
        &Done(|c| c.containers().resize("web", 24, 80)),
    ),
    row(
        "ContainerDelete",
        "/containers/web",
        &Done(|c| c.containers().delete("web", &Default::default())),
    ),
    row(
        "ContainerPrune",
        "/containers/prune",
        &Json(|c| c.containers().prune(&Default::default())),
    ),
    row("ImageList", "/images/json", &Json(|c| c.images().list(&Default::default()))),
    row(
        "ImageCreate",
        "/images/create?fromImage=busybox&tag=latest",
        &Done(|c| {
            let options = ImageCreateOptions { from_image: "busybox".into(), ..Default::default() };
            c.images().create(&options, None)?.finish()
        }),
    ),
    row(
        "ImagePush",
        "/images/busybox/push?tag=latest",
        &Done(|c| c.images().push("busybox", &Default::default())?.finish().map(drop)),
    ),
    row(
        "ImageLoad",
        "/images/load",
        &Done(|c| c.images().load(&Default::default(), &mut &b"tar"[..])?.finish()),
    ),
    row(
        "ImageGet",
        "/images/busybox/get",
        &Done(|c| c.images().get("busybox", &Default::default()).map(drop)),
    ),
    row(
        "ImageGetAll",
        "/images/get?names=busybox",
        &Done(|c| c.images().get_all(&["busybox"], &Default::default()).map(drop)),
    ),
    row(
        "ImageTag",
        "/images/busybox/tag?repo=next",
        &Done(|c| {
            let options = ImageTagOptions { repo: "next".into(), ..Default::default() };
            c.images().tag("busybox", &options)
        }),
    ),
    row(
        "ImageHistory",
        "/images/busybox/history",
        &Json(|c| c.images().history("busybox", &Default::default())),
    ),
    row(
        "ImageSearch",
        "/images/search?term=busybox",
        &Json(|c| {
            let options = ImageSearchOptions { term: "busybox".into(), ..Default::default() };
            c.images().search(&options)
        }),
    )
    .unrecorded("needs the registry of Docker Hub"),
    row("ImagePrune", "/images/prune", &Json(|c| c.images().prune(&Default::default()))),
    row(
        "ImageCommit",
        "/commit?container=web",
        &Json(|c| {
            let options = ImageCommitOptions { container: "web".into(), ..Default::default() };
            c.images().commit(&options, &Default::default())
        }),
    )
    .body::<ContainerConfig>(),
    row(
        "ImageAttestations",
        "/images/busybox/attestations",
        &Json(|c| c.images().attestations("busybox", &Default::default())),
    ),
    row(
        "ImageInspect",
        "/images/busybox/json",
        &Json(|c| c.images().inspect("busybox", &Default::default())),
    ),
    row(
        "ImageBuild",
        "/build?remote=http://a/b.tar",
        &Done(|c| {
            let options =
                ImageBuildOptions { remote: "http://a/b.tar".into(), ..Default::default() };
            c.images().build(&options, None)?.finish().map(drop)
        }),
    ),
    row("BuildPrune", "/build/prune", &Json(|c| c.builds().prune(&Default::default()))),
    row("BuildCancel", "/build/cancel?id=b1", &Done(|c| c.builds().cancel("b1"))),
    row(
        "ImageDelete",
        "/images/busybox",
        &Json(|c| c.images().delete("busybox", &Default::default())),
    ),
    row("NetworkList", "/networks", &Json(|c| c.networks().list(&Default::default()))),
    row(
        "NetworkInspect",
        "/networks/back",
        &Json(|c| c.networks().inspect("back", &Default::default())),
    ),
    row("NetworkDelete", "/networks/back", &Done(|c| c.networks().delete("back"))),
    row(
        "NetworkCreate",
        "/networks/create",
        &Json(|c| {
            let body = NetworkCreateRequest { name: "back".into(), ..Default::default() };
            c.networks().create(&body)
        }),
    )
    .body::<NetworkCreateRequest>(),
    row(
        "NetworkConnect",
        "/networks/back/connect",
        &Done(|c| {
            let body = NetworkConnectRequest { container: "web".into(), ..Default::default() };
            c.networks().connect("back", &body)
        }),
    )
    .body::<NetworkConnectRequest>(),
    row(
        "NetworkDisconnect",
        "/networks/back/disconnect",
        &Done(|c| {
            let body = NetworkDisconnectRequest { container: "web".into(), ..Default::default() };
            c.networks().disconnect("back", &body)
        }),
    )
    .body::<NetworkDisconnectRequest>(),
    row("NetworkPrune", "/networks/prune", &Json(|c| c.networks().prune(&Default::default()))),
    row("VolumeList", "/volumes", &Json(|c| c.volumes().list(&Default::default()))),
    row("VolumeCreate", "/volumes/create", &Json(|c| c.volumes().create(&Default::default())))
        .body::<VolumeCreateRequest>(),
    row("VolumeInspect", "/volumes/data", &Json(|c| c.volumes().inspect("data"))),
    row(
        "VolumeUpdate",
        "/volumes/data?version=7",
        &Done(|c| {
            let body = VolumeUpdateRequest { spec: Some(Default::default()) };
            c.volumes().update("data", &VolumeUpdateOptions { version: 7 }, &body)
        }),
    )
    .body::<VolumeUpdateRequest>(),
    row(
        "VolumeDelete",
        "/volumes/data",
        &Done(|c| c.volumes().delete("data", &Default::default())),
    ),
    row("VolumePrune", "/volumes/prune", &Json(|c| c.volumes().prune(&Default::default()))),
    row("SwarmInspect", "/swarm", &Json(|c| c.swarm().inspect())),
    row("SwarmInit", "/swarm/init", &Json(|c| c.swarm().init(&Default::default())))
        .body::<SwarmInitRequest>(),
    row(
        "SwarmJoin",
        "/swarm/join",
        &Done(|c| {
            let body = SwarmJoinRequest {
                remote_addrs: ["m1:2377"].into(),
                join_token: "SWMTKN-1-a".into(),
                ..Default::default()
            };
            c.swarm().join(&body)
        }),
    )
    .body::<SwarmJoinRequest>(),
    row("SwarmLeave", "/swarm/leave", &Done(|c| c.swarm().leave(&Default::default()))),
    row(
        "SwarmUpdate",
        "/swarm/update?version=0",
        &Done(|c| c.swarm().update(&Default::default(), &Default::default())),
    )
    .body::<SwarmSpec>(),
    row("SwarmUnlockkey", "/swarm/unlockkey", &Json(|c| c.swarm().unlockkey())),
    row(
        "SwarmUnlock",
        "/swarm/unlock",
        &Done(|c| c.swarm().unlock(&SwarmUnlockRequest { unlock_key: "SWMKEY-1-a".into() })),
    )
    .body::<SwarmUnlockRequest>(),
    row("NodeList", "/nodes", &Json(|c| c.nodes().list(&Default::default()))),
    row("NodeInspect", "/nodes/m1", &Json(|c| c.nodes().inspect("m1"))),
    row("NodeDelete", "/nodes/m1", &Done(|c| c.nodes().delete("m1", &Default::default()))),
    row(
        "NodeUpdate",
        "/nodes/m1/update?version=7",
        &Done(|c| c.nodes().update("m1", &NodeUpdateOptions { version: 7 }, &Default::default())),
    )
    .body::<NodeSpec>(),
    row("ServiceList", "/services", &Json(|c| c.services().list(&Default::default()))),
    row(
        "ServiceCreate",
        "/services/create",
        &Json(|c| c.services().create(&Default::default(), &Default::default())),
    )
    .body::<ServiceSpec>(),
    row(
        "ServiceInspect",
        "/services/web",
        &Json(|c| c.services().inspect("web", &Default::default())),
    ),
    row(
        "ServiceUpdate",
        "/services/web/update?version=7",
        &Json(|c| {
            let options = ServiceUpdateOptions { version: 7, ..Default::default() };
            c.services().update("web", &options, &Default::default())
        }),
    )
    .body::<ServiceSpec>(),
    row("ServiceDelete", "/services/web", &Done(|c| c.services().delete("web"))),
    row(
        "ServiceLogs",
        "/services/web/logs?stdout=1&stderr=1",
        &Done(|c| c.services().logs("web", &Default::default()).map(drop)),
    ),
    row("TaskList", "/tasks", &Json(|c| c.tasks().list(&Default::default()))),
    row("TaskInspect", "/tasks/t1", &Json(|c| c.tasks().inspect("t1"))),
    row(
        "TaskLogs",
        "/tasks/t1/logs?stdout=1&stderr=1",
        &Done(|c| c.tasks().logs("t1", &Default::default()).map(drop)),
    ),
    row(
        "ContainerExec",
        "/containers/web/exec",
        &Json(|c| {
            let body = ContainerExecRequest { cmd: ["true"].into(), ..Default::default() };
            c.exec().create("web", &body)
        }),
    )
    .body::<ContainerExecRequest>(),
    row(
        "ExecStart",
        "/exec/e1/start",
        &Done(|c| c.exec().start("e1", &Default::default()).map(drop)),
    )
    .body::<ExecStartRequest>(),
    row("ExecResize", "/exec/e1/resize?h=24&w=80", &Done(|c| c.exec().resize("e1", 24, 80))),
    row("ExecInspect", "/exec/e1/json", &Json(|c| c.exec().inspect("e1"))),
    row(
        "DistributionInspect",
        "/distribution/busybox/json",
        &Json(|c| c.distribution().inspect("busybox", &Default::default())),
    ),
    row("SecretList", "/secrets", &Json(|c| c.secrets().list(&Default::default()))),
    row(
        "SecretCreate",
        "/secrets/create",
        &Json(|c| {
            let spec = SecretSpec { name: "s".into(), ..Default::default() };
            c.secrets().create(&spec)
        }),
    )
    .body::<SecretSpec>(),
    row("SecretInspect", "/secrets/s1", &Json(|c| c.secrets().inspect("s1"))),
    row("SecretDelete", "/secrets/s1", &Done(|c| c.secrets().delete("s1"))),
    row(
        "SecretUpdate",
        "/secrets/s1/update?version=7",
        &Done(|c| {
            let options = SecretUpdateOptions { version: 7 };
            c.secrets().update("s1", &options, &Default::default())
        }),
    )
    .body::<SecretSpec>(),
    row("ConfigList", "/configs", &Json(|c| c.configs().list(&Default::default()))),
    row(
        "ConfigCreate",
        "/configs/create",
        &Json(|c| {
            let spec = ConfigSpec { name: "s".into(), ..Default::default() };
            c.configs().create(&spec)
        }),
    )
    .body::<ConfigSpec>(),
    row("ConfigInspect", "/configs/s1", &Json(|c| c.configs().inspect("s1"))),
    row("ConfigDelete", "/configs/s1", &Done(|c| c.configs().delete("s1"))),
    row(
        "ConfigUpdate",
        "/configs/s1/update?version=7",
        &Done(|c| {
            let options = ConfigUpdateOptions { version: 7 };
            c.configs().update("s1", &options, &Default::default())
        }),
    )
    .body::<ConfigSpec>(),
    row("PluginList", "/plugins", &Json(|c| c.plugins().list(&Default::default()))),
    row(
        "GetPluginPrivileges",
        "/plugins/privileges?remote=sshfs",
        &Json(|c| {
            let options = PluginPrivilegesOptions { remote: "sshfs".into(), ..Default::default() };
            c.plugins().privileges(&options)
        }),
    ),
    row(
        "PluginPull",
        "/plugins/pull?remote=sshfs",
        &Done(|c| {
            let options = PluginPullOptions { remote: "sshfs".into(), ..Default::default() };
            c.plugins().pull(&options, &[]).map(drop)
        }),
    )
    .body::<Vec<PluginPrivilege>>(),
    row("PluginInspect", "/plugins/sshfs/json", &Json(|c| c.plugins().inspect("sshfs"))),
    row(
        "PluginDelete",
        "/plugins/sshfs",
        &Done(|c| c.plugins().delete("sshfs", &Default::default())),
    ),
    row(
        "PluginEnable",
        "/plugins/sshfs/enable?timeout=0",
        &Done(|c| c.plugins().enable("sshfs", &Default::default())),
    ),
    row(
        "PluginDisable",
        "/plugins/sshfs/disable",
        &Done(|c| c.plugins().disable("sshfs", &Default::default())),
    ),
    row(
        "PluginUpgrade",
        "/plugins/sshfs/upgrade?remote=sshfs:2",
        &Done(|c| {
            let options = PluginUpgradeOptions { remote: "sshfs:2".into(), ..Default::default() };
            c.plugins().upgrade("sshfs", &options, &[]).map(drop)
        }),
    )
    .body::<Vec<PluginPrivilege>>(),
    row(
        "PluginCreate",
        "/plugins/create?name=sshfs",
        &Done(|c| c.plugins().create("sshfs", &mut &b"tar"[..])),
    ),
    row(
        "PluginPush",
        "/plugins/sshfs/push",
        &Done(|c| c.plugins().push("sshfs", &Default::default()).map(drop)),
    ),
    row("PluginSet", "/plugins/sshfs/set", &Done(|c| c.plugins().set("sshfs", &["A=b"])))
        .body::<Vec<String>>(),
    row(
        "Session",
        "/session",
        &Done(|c| {
            let options = SessionOptions { uuid: "s1".into(), ..Default::default() };
            c.session().open(&options).map(drop)
        }),
    ),
    row("Grpc", "/grpc", &Done(|c| c.session().grpc().map(drop))),
    row(
        "Raw",
        "/anything",
        &Done(|c| c.raw(&RawRequest { path: "/anything".into(), ..Default::default() }).map(drop)),
    ),
];
