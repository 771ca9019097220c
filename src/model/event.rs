//! What happens in the engine.

use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
    /// What kind of object an event is about.
    pub enum EventType {
        /// The builder.
        Builder = "builder",
        /// A config of the swarm.
        Config = "config",
        /// A container.
        Container = "container",
        /// The engine itself.
        Daemon = "daemon",
        /// An image.
        Image = "image",
        /// A network.
        Network = "network",
        /// A node of the swarm.
        JsonType = "node",
        /// A plugin.
        Plugin = "plugin",
        /// A secret of the swarm.
        Secret = "secret",
        /// A service of the swarm.
        Service = "service",
        /// A volume.
        Volume = "volume",
    }

    /// How far an event is known.
    pub enum EventScope {
        /// To this engine.
        Local = "local",
        /// To all managers of the swarm.
        Swarm = "swarm",
    }
}

record! {
    /// One event.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct EventMessage {
        /// What kind of object it is about.
        pub r#type: EventType = "Type",
        /// What happened, such as `start`. Some go on after a colon: `exec_start: ls -l`,
        /// `health_status: healthy`.
        pub action: String = "Action",
        /// The object.
        pub actor: EventActor = "Actor",
        /// How far it is known.
        pub scope: EventScope = "scope",
        /// When, in seconds since 1970-01-01 UTC.
        pub time: i64 = "time",
        /// When, in nanoseconds since 1970-01-01 UTC.
        pub time_nano: i64 = "timeNano",
        /// The same as `action`; containers and images only. Until API 1.51.
        pub status: String = "status",
        /// The same as the actor's id; containers and images only. Until API 1.51.
        pub id: String = "id",
        /// The image of a container. Until API 1.51; now the actor's attribute `image`.
        pub from: String = "from",
    }
}

record! {
    /// The object an event is about.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct EventActor {
        /// Its id; of an image, also its name.
        pub id: String = "ID",
        /// What else is known of it: its name, its labels, an exit code.
        pub attributes: Map<String> = "Attributes",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::testing::decode_response;

    #[test]
    fn old_and_new() {
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
