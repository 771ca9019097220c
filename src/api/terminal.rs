//! The fields of an inspect that show whether a container has a terminal, and thus how its output
//! is framed.

use crate::codec::record;

record! {
    #[derive(Default)]
    pub(crate) struct Container {
        config: Config = "Config",
    }
}

record! {
    #[derive(Default)]
    struct Config {
        tty: bool = "Tty",
    }
}

record! {
    #[derive(Default)]
    pub(crate) struct Service {
        spec: ServiceSpec = "Spec",
    }
}

record! {
    #[derive(Default)]
    struct ServiceSpec {
        task_template: TaskSpec = "TaskTemplate",
    }
}

record! {
    #[derive(Default)]
    pub(crate) struct Task {
        spec: TaskSpec = "Spec",
    }
}

record! {
    #[derive(Default)]
    struct TaskSpec {
        container_spec: ContainerSpec = "ContainerSpec",
    }
}

record! {
    #[derive(Default)]
    struct ContainerSpec {
        tty: bool = "TTY",
    }
}

impl Container {
    pub(crate) fn has_terminal(&self) -> bool {
        self.config.tty
    }
}

impl Service {
    pub(crate) fn has_terminal(&self) -> bool {
        self.spec.task_template.container_spec.tty
    }
}

impl Task {
    pub(crate) fn has_terminal(&self) -> bool {
        self.spec.container_spec.tty
    }
}
