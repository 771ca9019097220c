//! Engine events.

use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
    /// Type of the object that emitted an event.
    pub enum EventType {
        /// Builder.
        Builder = "builder",
        /// Swarm config.
        Config = "config",
        /// Container.
        Container = "container",
        /// Engine.
        Daemon = "daemon",
        /// Image.
        Image = "image",
        /// Network.
        Network = "network",
        /// Swarm node.
        Node = "node",
        /// Plugin.
        Plugin = "plugin",
        /// Swarm secret.
        Secret = "secret",
        /// Swarm service.
        Service = "service",
        /// Volume.
        Volume = "volume",
    }

    /// Scope of an event.
    pub enum EventScope {
        /// Visible to this engine only.
        Local = "local",
        /// Visible to all managers of the swarm.
        Swarm = "swarm",
    }
}

record! {
    /// Event of an engine.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct EventMessage {
        /// Type of the object that emitted the event.
        pub r#type: EventType = "Type",
        /// Action, such as `start`. Some actions have details after a colon, such as `exec_start:
        /// ls -l` or `health_status: healthy`.
        pub action: String = "Action",
        /// Object that emitted the event.
        pub actor: EventActor = "Actor",
        /// Scope of the event.
        pub scope: EventScope = "scope",
        /// Unix timestamp in seconds.
        pub time: i64 = "time",
        /// Unix timestamp in nanoseconds.
        pub time_nano: i64 = "timeNano",
        /// Same as `action`; containers and images only. Until API 1.51.
        pub status: String = "status",
        /// Same as the ID of the actor; containers and images only. Until API 1.51.
        pub id: String = "id",
        /// Image of a container. Until API 1.51; use the actor's attribute `image` instead.
        pub from: String = "from",
    }
}

record! {
    /// Object that emitted an event.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct EventActor {
        /// ID of the object; for an image the ID or the name.
        pub id: String = "ID",
        /// Attributes of the object: its name, its labels, an exit code.
        pub attributes: Map<String> = "Attributes",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::testing::decode_response;

    #[test]
    fn reads_events_before_and_since_api_1_52() {
        let old: EventMessage = decode_response(
            br#"{"status":"start","id":"ede","from":"alpine","Type":"container","Action":"start",
                "Actor":{"ID":"ede","Attributes":{"image":"alpine","name":"a"}},"scope":"local",
                "time":1461943101,"timeNano":1461943101381709551}"#,
        )
        .unwrap();
        assert_eq!(
            (old.status.as_str(), old.id.as_str(), old.from.as_str()),
            ("start", "ede", "alpine")
        );
        let new: EventMessage = decode_response(
            br#"{"Type":"container","Action":"start",
                "Actor":{"ID":"ede","Attributes":{"image":"alpine","name":"a"}},"scope":"local",
                "time":1461943101,"timeNano":1461943101381709551}"#,
        )
        .unwrap();
        assert_eq!(new.r#type, EventType::Container);
        assert_eq!(new.scope, EventScope::Local);
        assert_eq!(new.time_nano, 1_461_943_101_381_709_551);
        let blank = String::new;
        assert_eq!(EventMessage { status: blank(), id: blank(), from: blank(), ..old }, new);
    }
}
