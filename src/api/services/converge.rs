//! Waits for the convergence of a service.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::{ServiceInspectOptions, Services};
use crate::codec::{options, record, string_enum};
use crate::model::{NodeState, Service, Task, TaskState, UpdateState, UpdateStatus};
use crate::transport::Deadline;
use crate::{
    ApiVersion, CancelToken, Context, Error, Filters, NodeListOptions, Result, TaskListOptions,
    Timeouts,
};

/// The first version with the filter for up-to-date tasks.
const MIN_API_VERSION: ApiVersion = ApiVersion::new(1, 29);

/// Time between two polls.
const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// Longest time until a cancelled wait returns.
const CANCEL_LATENCY: Duration = Duration::from_millis(20);

/// Default for the time that all tasks must keep running; as in the docker CLI.
const DEFAULT_MONITOR: Duration = Duration::from_secs(5);

/// Longest time without a leader of the managers. An election takes seconds, or does not succeed at
/// all.
const ELECTION_LIMIT: Duration = Duration::from_secs(30);

impl Services<'_> {
    /// Follows a service until it has converged.
    ///
    /// A service has converged when the desired number of up-to-date tasks is running. A job has
    /// converged when the desired number of its tasks has completed. Since API 1.29.
    ///
    /// The first item is the current state. The last item is the result: the service has converged,
    /// or an update has failed and was paused or rolled back. In all other cases the wait continues
    /// without limit, for example while no node accepts the tasks. The `problems` of an item hold
    /// the reasons. End the wait with the context's [`deadline`](crate::Timeouts::deadline), which
    /// applies to the whole wait, with a [`CancelToken`], or by dropping it.
    ///
    /// An election of a new leader by the managers is not an error.
    ///
    /// # Errors
    /// - [`Error::NotFound`] if the service does not exist.
    /// - [`Error::NotFound`], from an item, if the service is deleted during the wait.
    /// - [`Error::Timeout`], from an item, if the deadline has passed.
    pub fn wait_converged(
        &self,
        id: &str,
        options: &ServiceWaitOptions,
    ) -> Result<ConvergenceUpdates> {
        let service = self.inspect(id, &ServiceInspectOptions::default())?;
        ConvergenceUpdates::new(self.context, service.id, options)
    }
}

options! {
    /// Options of [`Services::wait_converged`](super::Services::wait_converged).
    #[derive(Clone, Copy, Default, PartialEq)]
    pub struct ServiceWaitOptions {
        /// Seconds that all tasks must keep running before the service counts as converged.
        /// Default: `UpdateConfig.Monitor` of the service, or 5.
        pub monitor: Option<Duration> = manual "monitor",
    }
}

string_enum! {
    /// The progress of a service towards its desired state.
    pub enum ConvergenceState {
        /// An update or rollback is in progress, or tasks are still starting.
        Converging = "converging",
        /// The service has reached its desired state. The wait has ended.
        Converged = "converged",
        /// Too many tasks of an update have failed, and the update is paused. The wait has ended.
        Paused = "paused",
        /// The service has been rolled back to its previous spec, on request or because too many
        /// tasks of an update have failed. The wait has ended.
        RolledBack = "rolled_back",
        /// Too many tasks of a rollback have failed, and the rollback is paused. The wait has
        /// ended.
        RollbackPaused = "rollback_paused",
    }
}

/// The state of a service during convergence.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Convergence {
    /// The progress.
    pub state: ConvergenceState,
    /// Number of up-to-date tasks that are running.
    pub running: u64,
    /// Number of tasks that must be running, or for a job, completed. For a global service, the
    /// number of nodes that the managers have scheduled a task on.
    pub desired: u64,
    /// Number of completed tasks of a job; 0 for other services.
    pub completed: u64,
    /// Status and message of the last update; `None` if the service was never updated.
    pub update_status: Option<UpdateStatus>,
    /// Tasks that have failed, were rejected by their node, have no suitable node, or cannot start
    /// yet, for example because their image cannot be pulled. Each is reported once for each
    /// reason, which is in `status.err`.
    pub problems: Vec<Task>,
}

/// A wait for a service, with an item for each change; from
/// [`Services::wait_converged`](super::Services::wait_converged).
///
/// An iterator. It ends with `None` after an error, and after an item whose state is not
/// [`Converging`](ConvergenceState::Converging).
pub struct ConvergenceUpdates {
    context: Context,
    cancel: CancelToken,
    deadline: Option<Deadline>,
    service: String,
    monitor: Option<Duration>,
    /// The item that was returned last.
    last: Option<Convergence>,
    /// Problems that were returned: ID and error of the task.
    reported: BTreeSet<(String, String)>,
    /// Start of the time during which the desired state has been kept.
    stable_since: Option<Instant>,
    /// Start of the time without a leader of the managers.
    leaderless_since: Option<Instant>,
    finished: bool,
}

impl fmt::Debug for ConvergenceUpdates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConvergenceUpdates")
            .field("service", &self.service)
            .field("last", &self.last)
            .finish_non_exhaustive()
    }
}

impl ConvergenceUpdates {
    /// The operation in errors of the wait itself.
    pub(crate) const OPERATION: &str = "ServiceInspect";

    pub(super) fn new(
        context: &Context,
        service: String,
        options: &ServiceWaitOptions,
    ) -> Result<ConvergenceUpdates> {
        let version = context.version_for(Self::OPERATION)?;
        if version < MIN_API_VERSION {
            return Err(Error::EngineTooOld {
                operation: Self::OPERATION,
                message: format!(
                    "waiting for a service needs API {MIN_API_VERSION}, and {version} is in use with \
                     this engine"
                ),
                needed: MIN_API_VERSION,
                in_use: version,
            });
        }
        let cancel = context.cancel.as_ref().map_or_else(CancelToken::new, CancelToken::child);
        let after = context.timeouts.deadline;
        Ok(ConvergenceUpdates {
            context: context.with_cancel_token(&cancel),
            cancel,
            // A deadline beyond the range of `Instant` never passes.
            deadline: after
                .and_then(|after| Some(Deadline { at: Instant::now().checked_add(after)?, after })),
            service,
            monitor: options.monitor,
            last: None,
            reported: BTreeSet::new(),
            stable_since: None,
            leaderless_since: None,
            finished: false,
        })
    }

    /// Returns a token that cancels the wait from another thread.
    pub fn cancel_token(&self) -> CancelToken {
        self.cancel.clone()
    }

    /// Waits for the last item and returns it.
    ///
    /// # Errors
    /// As the items.
    pub fn finish(mut self) -> Result<Convergence> {
        while let Some(item) = self.next_change()? {
            self.last = Some(item);
        }
        Ok(self.last.unwrap_or_default())
    }

    /// Returns the next item; `None` after the last.
    pub(crate) fn next_change(&mut self) -> Result<Option<Convergence>> {
        if self.finished {
            return Ok(None);
        }
        let result = self.wait_for_change();
        self.finished = !matches!(&result, Ok(it) if it.state == ConvergenceState::Converging);
        result.map(Some)
    }

    fn wait_for_change(&mut self) -> Result<Convergence> {
        loop {
            if let Some(item) = self.poll()? {
                let unchanged = self.last.as_ref().is_some_and(|last| {
                    Convergence { problems: Vec::new(), ..last.clone() } == item
                });
                if !unchanged {
                    self.last = Some(item.clone());
                    return Ok(item);
                }
            }
            self.pause()?;
        }
    }

    /// Polls the service once. `None` while the managers elect a leader.
    fn poll(&mut self) -> Result<Option<Convergence>> {
        let first = self.last.is_none();
        let Snapshot { service, all, current, down } = match self.snapshot() {
            Ok(found) => found,
            Err(error) if self.is_election(&error) => return Ok(None),
            Err(error) => return Err(self.as_deadline_error(error)),
        };
        self.leaderless_since = None;
        let is_current = |task: &&Task| current.contains(&task.id);
        let counts = TaskCounts::new(&service, &all, is_current, &down);
        let state = self.state(&service, &counts);
        // Problems from before the wait are reported only for up-to-date tasks.
        let problems: Vec<_> = all
            .iter()
            .filter(|task| is_problem(task))
            .filter(|task| self.reported.insert((task.id.clone(), task.status.err.clone())))
            .filter(|task| !first || is_current(task))
            .cloned()
            .collect();
        Ok(Some(Convergence {
            state,
            running: counts.running,
            desired: counts.desired,
            completed: counts.completed,
            update_status: service.update_status,
            problems,
        }))
    }

    fn snapshot(&self) -> Result<Snapshot> {
        let context = &self.with_remaining_time()?;
        let service = context.services().inspect(&self.service, &Default::default())?;
        let (all, current) = tasks_of(context, &self.service)?;
        Ok(Snapshot { service, all, current, down: down_nodes(context)? })
    }

    /// The context, with the remaining time as its deadline.
    fn with_remaining_time(&self) -> Result<Context> {
        let Some(deadline) = self.deadline else { return Ok(self.context.clone()) };
        let remaining = deadline.at.saturating_duration_since(Instant::now());
        if remaining.is_zero() {
            return Err(self.deadline_error(deadline));
        }
        let timeouts = Timeouts { deadline: Some(remaining), ..self.context.timeouts };
        Ok(self.context.with_timeouts(timeouts))
    }

    /// Reports a timeout of a single call as that of the wait, if the deadline has passed.
    fn as_deadline_error(&self, error: Error) -> Error {
        match self.deadline {
            Some(deadline) if matches!(error, Error::Timeout { .. }) => {
                if deadline.at <= Instant::now() { self.deadline_error(deadline) } else { error }
            }
            _ => error,
        }
    }

    fn deadline_error(&self, deadline: Deadline) -> Error {
        Error::Timeout {
            operation: Self::OPERATION,
            what: "the service has not converged",
            after: deadline.after,
        }
    }

    /// Whether the managers return this error during an election, and have done so for less than
    /// the limit.
    fn is_election(&mut self, error: &Error) -> bool {
        let Some(api_error) = error.api_error() else { return false };
        let has = |phrase| api_error.message.contains(phrase);
        let electing = has("does not have a leader")
            || has("trouble connecting to the cluster")
            || has("code = Unavailable")
            || has("code = DeadlineExceeded");
        electing
            && self.leaderless_since.get_or_insert_with(Instant::now).elapsed() < ELECTION_LIMIT
    }

    fn pause(&self) -> Result<()> {
        let end = Instant::now() + POLL_INTERVAL;
        loop {
            if self.cancel.is_cancelled() {
                return Err(Error::Cancelled { operation: Self::OPERATION });
            }
            self.with_remaining_time()?;
            let remaining = end.saturating_duration_since(Instant::now());
            if remaining.is_zero() {
                return Ok(());
            }
            thread::sleep(remaining.min(CANCEL_LATENCY));
        }
    }

    fn state(&mut self, service: &Service, counts: &TaskCounts) -> ConvergenceState {
        let update = service.update_status.as_ref().map(|status| &status.state);
        match update {
            Some(UpdateState::Paused) => return ConvergenceState::Paused,
            Some(UpdateState::RollbackPaused) => return ConvergenceState::RollbackPaused,
            _ => {}
        }
        if !counts.is_reached() {
            self.stable_since = None;
            return ConvergenceState::Converging;
        }
        let stable_since = *self.stable_since.get_or_insert_with(Instant::now);
        let configured = service.spec.update_config.as_ref().map_or(0, |it| it.monitor);
        let monitor = self.monitor.unwrap_or(match u64::try_from(configured) {
            Ok(0) | Err(_) => DEFAULT_MONITOR,
            Ok(nanos) => Duration::from_nanos(nanos),
        });
        // Completed tasks of a job stay completed.
        let stable = counts.job || stable_since.elapsed() >= monitor;
        match update {
            Some(UpdateState::Updating | UpdateState::RollbackStarted) => {
                ConvergenceState::Converging
            }
            _ if !stable => ConvergenceState::Converging,
            Some(UpdateState::RollbackCompleted) => ConvergenceState::RolledBack,
            _ => ConvergenceState::Converged,
        }
    }
}

impl Iterator for ConvergenceUpdates {
    type Item = Result<Convergence>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_change().transpose()
    }
}

/// The state of a service at one poll.
struct Snapshot {
    service: Service,
    /// All tasks of the service.
    all: Vec<Task>,
    /// IDs of the up-to-date tasks.
    current: BTreeSet<String>,
    /// IDs of the nodes that are down.
    down: BTreeSet<String>,
}

/// All tasks of a service, and the IDs of those that are up to date.
fn tasks_of(context: &Context, service: &str) -> Result<(Vec<Task>, BTreeSet<String>)> {
    let filters = Filters::new().with("service", service);
    let all = context.tasks().list(&TaskListOptions { filters: filters.clone() })?;
    let filters = filters.with("_up-to-date", "true");
    let current: Vec<UpToDateTask> = context.tasks().list_as(&TaskListOptions { filters })?;
    Ok((all, current.into_iter().map(|it| it.id).collect()))
}

record! {
    /// The ID of an up-to-date task.
    #[derive(Default)]
    struct UpToDateTask {
        id: String = "ID",
    }
}

fn down_nodes(context: &Context) -> Result<BTreeSet<String>> {
    let nodes: Vec<ListedNode> = context.nodes().list_as(&NodeListOptions::default())?;
    Ok(nodes.into_iter().filter(|it| it.status.state == NodeState::Down).map(|it| it.id).collect())
}

record! {
    /// The fields of a node that are read here.
    #[derive(Default)]
    struct ListedNode {
        id: String = "ID",
        status: ListedNodeStatus = "Status",
    }
}

record! {
    #[derive(Default)]
    struct ListedNodeStatus {
        state: NodeState = "State",
    }
}

/// Whether a task prevents the service from converging.
fn is_problem(task: &Task) -> bool {
    match task.status.state {
        TaskState::Failed | TaskState::Rejected | TaskState::Orphaned => true,
        // The scheduler reports for a pending task why no node is suitable. Since version 29,
        // engines retry to pull an image without limit, and the task keeps preparing.
        _ => rank(&task.status.state) < rank(&TaskState::Running) && !task.status.err.is_empty(),
    }
}

/// The position of a state in the life of a task; `None` for an unknown state.
fn rank(state: &TaskState) -> Option<usize> {
    use TaskState::*;
    let order = [
        New, Allocated, Pending, Assigned, Accepted, Preparing, Ready, Starting, Running, Complete,
        Shutdown, Failed, Rejected, Remove, Orphaned,
    ];
    order.iter().position(|it| it == state)
}

/// Whether a task in this state is running or about to run.
fn is_live(state: &TaskState) -> bool {
    rank(state) <= rank(&TaskState::Running)
}

/// Numbers of tasks of a service.
struct TaskCounts {
    job: bool,
    running: u64,
    desired: u64,
    completed: u64,
}

impl TaskCounts {
    fn new(
        service: &Service,
        all: &[Task],
        is_current: impl Fn(&&Task) -> bool,
        down: &BTreeSet<String>,
    ) -> TaskCounts {
        let mode = &service.spec.mode;
        let is_up = |task: &&Task| !down.contains(&task.node_id);
        if mode.replicated_job.is_some() || mode.global_job.is_some() {
            let iteration = service.job_status.as_ref().map(|status| status.job_iteration);
            let current: Vec<_> = all.iter().filter(|it| it.job_iteration == iteration).collect();
            let completed = count_slots(&current, |task| task.status.state == TaskState::Complete);
            let desired = match &mode.replicated_job {
                Some(job) => job.total_completions.or(job.max_concurrent).unwrap_or(1),
                None => count_slots(&current, |task| is_up(&task)),
            };
            let running = count_slots(&current, |task| task.status.state == TaskState::Running);
            return TaskCounts { job: true, running, desired, completed };
        }
        let live: Vec<_> =
            all.iter().filter(|it| is_live(&it.desired_state)).filter(is_up).collect();
        let desired = match (&mode.replicated, &mode.global) {
            (Some(replicated), _) => replicated.replicas.unwrap_or(1),
            (None, Some(_)) => count_slots(&live, |_| true),
            (None, None) => 1,
        };
        // If a slot has an old and a new task, the old one counts until it is removed.
        let mut by_slot = BTreeMap::<_, &Task>::new();
        for task in live.into_iter().filter(is_current) {
            let key = |task: &Task| (rank(&task.desired_state), rank(&task.status.state));
            let in_slot = by_slot.entry(slot(task)).or_insert(task);
            if key(task) < key(in_slot) {
                *in_slot = task;
            }
        }
        let runs = |task: &&&Task| task.status.state == TaskState::Running;
        let running = by_slot.values().filter(runs).count() as u64;
        TaskCounts { job: false, running, desired, completed: 0 }
    }

    fn is_reached(&self) -> bool {
        if self.job {
            self.desired > 0 && self.completed >= self.desired
        } else {
            self.running == self.desired
        }
    }
}

/// The slot of a task, or its node for a global service.
fn slot(task: &Task) -> (i64, &str) {
    (task.slot, if task.slot == 0 { &task.node_id } else { "" })
}

/// Number of slots with a task that satisfies the predicate.
fn count_slots(tasks: &[&Task], matches: impl Fn(&Task) -> bool) -> u64 {
    let slots: BTreeSet<_> = tasks.iter().filter(|it| matches(it)).map(|it| slot(it)).collect();
    slots.len() as u64
}
