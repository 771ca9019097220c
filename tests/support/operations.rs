//! Every operation, called with no more than it needs.

use dockline::model::{
    ConfigSpec, ContainerExecRequest, NetworkConnectRequest, NetworkCreateRequest,
    NetworkDisconnectRequest, SecretSpec, SwarmJoinRequest, SwarmUnlockRequest,
    VolumeUpdateRequest,
};
use dockline::*;

/// One operation of the engine.
pub struct Operation {
    /// As the Engine API calls it.
    pub id: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// Path without version prefix, and query.
    pub target: &'static str,
    /// The minor number of the API version it is there since; 24 for all that is older.
    pub since: u16,
    /// Makes the call. What streams is opened and dropped.
    pub call: fn(&Context) -> Result<()>,
}

impl Operation {
    /// What is heard of a refusal with status 500 in these words: an answer to HEAD has no body.
    pub fn refusal(&self, words: &'static str) -> &'static str {
        if self.method == "HEAD" { "Internal Server Error" } else { words }
    }
}

const fn row(
    id: &'static str,
    method: &'static str,
    target: &'static str,
    call: fn(&Context) -> Result<()>,
) -> Operation {
    Operation { id, method, target, since: 24, call }
}

const fn since(since: u16, operation: Operation) -> Operation {
    Operation { since, ..operation }
}

/// All of them but the ping, whose path has no version.
pub const OPERATIONS: &[Operation] = &[
    row("SystemVersion", "GET", "/version", |c| c.system().version().map(drop)),
    row("SystemInfo", "GET", "/info", |c| c.system().info().map(drop)),
    row("SystemAuth", "POST", "/auth", |c| c.system().auth(&Default::default()).map(drop)),
    since(
        25,
        row("SystemDataUsage", "GET", "/system/df", |c| {
            c.system().data_usage(&Default::default()).map(drop)
        }),
    ),
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
    row("ContainerUpdate", "POST", "/containers/web/update", |c| {
        c.containers().update("web", &Default::default()).map(drop)
    }),
    row("ContainerTop", "GET", "/containers/web/top", |c| {
        c.containers().top("web", &Default::default()).map(drop)
    }),
    row("ContainerStats", "GET", "/containers/web/stats?stream=1", |c| {
        c.containers().stats("web").map(drop)
    }),
    row("ContainerChanges", "GET", "/containers/web/changes", |c| {
        c.containers().changes("web").map(drop)
    }),
    row("ContainerExport", "GET", "/containers/web/export", |c| {
        c.containers().export("web").map(drop)
    }),
    row("ContainerArchiveInfo", "HEAD", "/containers/web/archive?path=/etc", |c| {
        c.containers().archive_info("web", "/etc").map(drop)
    }),
    row("ContainerArchive", "GET", "/containers/web/archive?path=/etc", |c| {
        c.containers().archive("web", "/etc").map(drop)
    }),
    row("PutContainerArchive", "PUT", "/containers/web/archive?path=/srv", |c| {
        let options = PutContainerArchiveOptions { path: "/srv".into(), ..Default::default() };
        c.containers().put_archive("web", &options, &mut &b"tar"[..])
    }),
    row("CheckpointList", "GET", "/containers/web/checkpoints", |c| {
        c.containers().checkpoint_list("web", &Default::default()).map(drop)
    }),
    row("CheckpointCreate", "POST", "/containers/web/checkpoints", |c| {
        let options = CheckpointCreateOptions { checkpoint_id: "cp".into(), ..Default::default() };
        c.containers().checkpoint_create("web", &options)
    }),
    row("CheckpointDelete", "DELETE", "/containers/web/checkpoints/cp", |c| {
        c.containers().checkpoint_delete("web", "cp", &Default::default())
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
    #[cfg(feature = "websocket")]
    row(
        "ContainerAttachWebsocket",
        "GET",
        "/containers/web/attach/ws?stream=1&stdin=1&stdout=1&stderr=1",
        |c| c.containers().attach_websocket("web", &Default::default()).map(drop),
    ),
    row("ContainerResize", "POST", "/containers/web/resize?h=24&w=80", |c| {
        c.containers().resize("web", 24, 80)
    }),
    row("ContainerDelete", "DELETE", "/containers/web", |c| {
        c.containers().delete("web", &Default::default())
    }),
    since(
        25,
        row("ContainerPrune", "POST", "/containers/prune", |c| {
            c.containers().prune(&Default::default()).map(drop)
        }),
    ),
    row("ImageList", "GET", "/images/json", |c| c.images().list(&Default::default()).map(drop)),
    row("ImageCreate", "POST", "/images/create?fromImage=busybox&tag=latest", |c| {
        let options = ImageCreateOptions { from_image: "busybox".into(), ..Default::default() };
        c.images().create(&options, None)?.finish()
    }),
    row("ImagePush", "POST", "/images/busybox/push", |c| {
        c.images().push("busybox", &Default::default())?.finish()
    }),
    row("ImageLoad", "POST", "/images/load", |c| {
        c.images().load(&Default::default(), &mut &b"tar"[..])?.finish()
    }),
    row("ImageGet", "GET", "/images/busybox/get", |c| {
        c.images().get("busybox", &Default::default()).map(drop)
    }),
    row("ImageGetAll", "GET", "/images/get?names=busybox", |c| {
        c.images().get_all(&["busybox"], &Default::default()).map(drop)
    }),
    row("ImageTag", "POST", "/images/busybox/tag?repo=next", |c| {
        let options = ImageTagOptions { repo: "next".into(), ..Default::default() };
        c.images().tag("busybox", &options)
    }),
    row("ImageHistory", "GET", "/images/busybox/history", |c| {
        c.images().history("busybox", &Default::default()).map(drop)
    }),
    row("ImageSearch", "GET", "/images/search?term=busybox", |c| {
        let options = ImageSearchOptions { term: "busybox".into(), ..Default::default() };
        c.images().search(&options).map(drop)
    }),
    since(
        25,
        row("ImagePrune", "POST", "/images/prune", |c| {
            c.images().prune(&Default::default()).map(drop)
        }),
    ),
    row("ImageCommit", "POST", "/commit?container=web", |c| {
        let options = ImageCommitOptions { container: "web".into(), ..Default::default() };
        c.images().commit(&options, &Default::default()).map(drop)
    }),
    since(
        55,
        row("ImageAttestations", "GET", "/images/busybox/attestations", |c| {
            c.images().attestations("busybox", &Default::default()).map(drop)
        }),
    ),
    row("ImageInspect", "GET", "/images/busybox/json", |c| {
        c.images().inspect("busybox", &Default::default()).map(drop)
    }),
    row("ImageBuild", "POST", "/build?remote=http://a/b.tar", |c| {
        let options = ImageBuildOptions { remote: "http://a/b.tar".into(), ..Default::default() };
        c.images().build(&options, None)?.finish().map(drop)
    }),
    since(
        31,
        row("BuildPrune", "POST", "/build/prune", |c| {
            c.builds().prune(&Default::default()).map(drop)
        }),
    ),
    since(38, row("BuildCancel", "POST", "/build/cancel?id=b1", |c| c.builds().cancel("b1"))),
    row("ImageDelete", "DELETE", "/images/busybox", |c| {
        c.images().delete("busybox", &Default::default()).map(drop)
    }),
    row("NetworkList", "GET", "/networks", |c| c.networks().list(&Default::default()).map(drop)),
    row("NetworkInspect", "GET", "/networks/back", |c| {
        c.networks().inspect("back", &Default::default()).map(drop)
    }),
    row("NetworkDelete", "DELETE", "/networks/back", |c| c.networks().delete("back")),
    row("NetworkCreate", "POST", "/networks/create", |c| {
        let body = NetworkCreateRequest { name: "back".into(), ..Default::default() };
        c.networks().create(&body).map(drop)
    }),
    row("NetworkConnect", "POST", "/networks/back/connect", |c| {
        let body = NetworkConnectRequest { container: "web".into(), ..Default::default() };
        c.networks().connect("back", &body)
    }),
    row("NetworkDisconnect", "POST", "/networks/back/disconnect", |c| {
        let body = NetworkDisconnectRequest { container: "web".into(), ..Default::default() };
        c.networks().disconnect("back", &body)
    }),
    since(
        25,
        row("NetworkPrune", "POST", "/networks/prune", |c| {
            c.networks().prune(&Default::default()).map(drop)
        }),
    ),
    row("VolumeList", "GET", "/volumes", |c| c.volumes().list(&Default::default()).map(drop)),
    row("VolumeCreate", "POST", "/volumes/create", |c| {
        c.volumes().create(&Default::default()).map(drop)
    }),
    row("VolumeInspect", "GET", "/volumes/data", |c| c.volumes().inspect("data").map(drop)),
    since(
        42,
        row("VolumeUpdate", "PUT", "/volumes/data?version=7", |c| {
            let body = VolumeUpdateRequest { spec: Some(Default::default()) };
            c.volumes().update("data", &VolumeUpdateOptions { version: 7 }, &body)
        }),
    ),
    row("VolumeDelete", "DELETE", "/volumes/data", |c| {
        c.volumes().delete("data", &Default::default())
    }),
    since(
        25,
        row("VolumePrune", "POST", "/volumes/prune", |c| {
            c.volumes().prune(&Default::default()).map(drop)
        }),
    ),
    row("SwarmInspect", "GET", "/swarm", |c| c.swarm().inspect().map(drop)),
    row("SwarmInit", "POST", "/swarm/init", |c| c.swarm().init(&Default::default()).map(drop)),
    row("SwarmJoin", "POST", "/swarm/join", |c| {
        let body = SwarmJoinRequest {
            remote_addrs: ["m1:2377"].into(),
            join_token: "SWMTKN-1-a".into(),
            ..Default::default()
        };
        c.swarm().join(&body)
    }),
    row("SwarmLeave", "POST", "/swarm/leave", |c| c.swarm().leave(&Default::default())),
    row("SwarmUpdate", "POST", "/swarm/update?version=0", |c| {
        c.swarm().update(&Default::default(), &Default::default())
    }),
    since(
        25,
        row("SwarmUnlockkey", "GET", "/swarm/unlockkey", |c| c.swarm().unlockkey().map(drop)),
    ),
    since(
        25,
        row("SwarmUnlock", "POST", "/swarm/unlock", |c| {
            c.swarm().unlock(&SwarmUnlockRequest { unlock_key: "SWMKEY-1-a".into() })
        }),
    ),
    row("NodeList", "GET", "/nodes", |c| c.nodes().list(&Default::default()).map(drop)),
    row("NodeInspect", "GET", "/nodes/m1", |c| c.nodes().inspect("m1").map(drop)),
    row("NodeDelete", "DELETE", "/nodes/m1", |c| c.nodes().delete("m1", &Default::default())),
    row("NodeUpdate", "POST", "/nodes/m1/update?version=7", |c| {
        c.nodes().update("m1", &NodeUpdateOptions { version: 7 }, &Default::default())
    }),
    row("ServiceList", "GET", "/services", |c| c.services().list(&Default::default()).map(drop)),
    row("ServiceCreate", "POST", "/services/create", |c| {
        c.services().create(&Default::default(), &Default::default()).map(drop)
    }),
    row("ServiceInspect", "GET", "/services/web", |c| {
        c.services().inspect("web", &Default::default()).map(drop)
    }),
    row("ServiceUpdate", "POST", "/services/web/update?version=7", |c| {
        let options = ServiceUpdateOptions { version: 7, ..Default::default() };
        c.services().update("web", &options, &Default::default()).map(drop)
    }),
    row("ServiceDelete", "DELETE", "/services/web", |c| c.services().delete("web")),
    since(
        25,
        row("ServiceLogs", "GET", "/services/web/logs?stdout=1&stderr=1", |c| {
            c.services().logs("web", &Default::default()).map(drop)
        }),
    ),
    row("TaskList", "GET", "/tasks", |c| c.tasks().list(&Default::default()).map(drop)),
    row("TaskInspect", "GET", "/tasks/t1", |c| c.tasks().inspect("t1").map(drop)),
    since(
        29,
        row("TaskLogs", "GET", "/tasks/t1/logs?stdout=1&stderr=1", |c| {
            c.tasks().logs("t1", &Default::default()).map(drop)
        }),
    ),
    row("ContainerExec", "POST", "/containers/web/exec", |c| {
        let body = ContainerExecRequest { cmd: ["true"].into(), ..Default::default() };
        c.exec().create("web", &body).map(drop)
    }),
    row("ExecStart", "POST", "/exec/e1/start", |c| {
        c.exec().start("e1", &Default::default()).map(drop)
    }),
    row("ExecResize", "POST", "/exec/e1/resize?h=24&w=80", |c| c.exec().resize("e1", 24, 80)),
    row("ExecInspect", "GET", "/exec/e1/json", |c| c.exec().inspect("e1").map(drop)),
    since(
        30,
        row("DistributionInspect", "GET", "/distribution/busybox/json", |c| {
            c.distribution().inspect("busybox", &Default::default()).map(drop)
        }),
    ),
    since(
        25,
        row("SecretList", "GET", "/secrets", |c| c.secrets().list(&Default::default()).map(drop)),
    ),
    since(
        25,
        row("SecretCreate", "POST", "/secrets/create", |c| {
            let spec = SecretSpec { name: "s".into(), ..Default::default() };
            c.secrets().create(&spec).map(drop)
        }),
    ),
    since(25, row("SecretInspect", "GET", "/secrets/s1", |c| c.secrets().inspect("s1").map(drop))),
    since(25, row("SecretDelete", "DELETE", "/secrets/s1", |c| c.secrets().delete("s1"))),
    since(
        26,
        row("SecretUpdate", "POST", "/secrets/s1/update?version=7", |c| {
            let options = SecretUpdateOptions { version: 7 };
            c.secrets().update("s1", &options, &Default::default())
        }),
    ),
    since(
        30,
        row("ConfigList", "GET", "/configs", |c| c.configs().list(&Default::default()).map(drop)),
    ),
    since(
        30,
        row("ConfigCreate", "POST", "/configs/create", |c| {
            let spec = ConfigSpec { name: "s".into(), ..Default::default() };
            c.configs().create(&spec).map(drop)
        }),
    ),
    since(30, row("ConfigInspect", "GET", "/configs/s1", |c| c.configs().inspect("s1").map(drop))),
    since(30, row("ConfigDelete", "DELETE", "/configs/s1", |c| c.configs().delete("s1"))),
    since(
        30,
        row("ConfigUpdate", "POST", "/configs/s1/update?version=7", |c| {
            let options = ConfigUpdateOptions { version: 7 };
            c.configs().update("s1", &options, &Default::default())
        }),
    ),
    row("PluginList", "GET", "/plugins", |c| c.plugins().list(&Default::default()).map(drop)),
    since(
        25,
        row("GetPluginPrivileges", "GET", "/plugins/privileges?remote=sshfs", |c| {
            let options = PluginPrivilegesOptions { remote: "sshfs".into(), ..Default::default() };
            c.plugins().privileges(&options).map(drop)
        }),
    ),
    row("PluginPull", "POST", "/plugins/pull?remote=sshfs", |c| {
        let options = PluginPullOptions { remote: "sshfs".into(), ..Default::default() };
        c.plugins().pull(&options, &[]).map(drop)
    }),
    since(
        25,
        row("PluginInspect", "GET", "/plugins/sshfs/json", |c| {
            c.plugins().inspect("sshfs").map(drop)
        }),
    ),
    row("PluginDelete", "DELETE", "/plugins/sshfs", |c| {
        c.plugins().delete("sshfs", &Default::default())
    }),
    row("PluginEnable", "POST", "/plugins/sshfs/enable?timeout=0", |c| {
        c.plugins().enable("sshfs", &Default::default())
    }),
    row("PluginDisable", "POST", "/plugins/sshfs/disable", |c| {
        c.plugins().disable("sshfs", &Default::default())
    }),
    since(
        26,
        row("PluginUpgrade", "POST", "/plugins/sshfs/upgrade?remote=sshfs:2", |c| {
            let options = PluginUpgradeOptions { remote: "sshfs:2".into(), ..Default::default() };
            c.plugins().upgrade("sshfs", &options, &[]).map(drop)
        }),
    ),
    since(
        25,
        row("PluginCreate", "POST", "/plugins/create?name=sshfs", |c| {
            c.plugins().create("sshfs", &mut &b"tar"[..])
        }),
    ),
    row("PluginPush", "POST", "/plugins/sshfs/push", |c| {
        c.plugins().push("sshfs", &Default::default()).map(drop)
    }),
    since(
        25,
        row("PluginSet", "POST", "/plugins/sshfs/set", |c| c.plugins().set("sshfs", &["A=b"])),
    ),
    since(
        31,
        row("Session", "POST", "/session", |c| {
            let options = SessionOptions { uuid: "s1".into(), ..Default::default() };
            c.session().open(&options).map(drop)
        }),
    ),
    row("Grpc", "POST", "/grpc", |c| c.session().grpc().map(drop)),
    row("Raw", "GET", "/anything", |c| {
        c.raw(&RawRequest { path: "/anything".into(), ..Default::default() }).map(drop)
    }),
];
