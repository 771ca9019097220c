//! Whether a container has a terminal, which decides how its output is framed: the little of an
//! inspect that the library itself reads.

use crate::codec::record;
use crate::request::Request;
use crate::{Context, Result};

record! {
    #[derive(Default)]
    struct Container {
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
    struct Service {
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
    struct Task {
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

/// Whether a container has a terminal. The request inspects it.
pub(crate) fn of_container<T>(context: &Context, inspect: Request<T>) -> Result<bool> {
    Ok(context.call(inspect.reading::<Container>())?.config.tty)
}

/// Whether the containers of a service have terminals. The request inspects it.
pub(crate) fn of_service<T>(context: &Context, inspect: Request<T>) -> Result<bool> {
    Ok(context.call(inspect.reading::<Service>())?.spec.task_template.container_spec.tty)
}

/// Whether the container of a task has a terminal. The request inspects it.
pub(crate) fn of_task<T>(context: &Context, inspect: Request<T>) -> Result<bool> {
    Ok(context.call(inspect.reading::<Task>())?.spec.container_spec.tty)
}
