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
const NEEDED: ApiVersion = ApiVersion::new(1, 29);

/// Time between two polls.
const PAUSE: Duration = Duration::from_millis(200);

/// Longest time until a cancelled wait returns.
const SLICE: Duration = Duration::from_millis(20);

/// Default for the time that all tasks must keep running; as in the docker CLI.
const MONITOR: Duration = Duration::from_secs(5);

/// Longest time without a leader of the managers. An election takes seconds, or does not succeed at
/// all.
const LEADERLESS: Duration = Duration::from_secs(30);

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
    /// applies to the whole wait, with a [`CancelToken`](crate::CancelToken), or by dropping it.
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
    /// Tasks that have failed, were rejected by their node, or have no suitable node. Each is
    /// reported once; `status.err` has the reason.
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
    told: Option<Convergence>,
    /// Problems that were returned: ID and error of the task.
    known: BTreeSet<(String, String)>,
    /// Start of the time during which the desired state has been kept.
    since: Option<Instant>,
    /// Start of the time without a leader of the managers.
    leaderless: Option<Instant>,
    over: bool,
}

impl fmt::Debug for ConvergenceUpdates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConvergenceUpdates")
            .field("service", &self.service)
            .field("told", &self.told)
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
        let spoken = context.api_version()?;
        if spoken < NEEDED {
            return Err(Error::EngineTooOld {
                operation: Self::OPERATION,
                message: format!(
                    "waiting for a service needs API {NEEDED}, and {spoken} is in use with this \
                     engine"
                ),
                needed: NEEDED,
                spoken,
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
            told: None,
            known: BTreeSet::new(),
            since: None,
            leaderless: None,
            over: false,
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
            self.told = Some(item);
        }
        Ok(self.told.unwrap_or_default())
    }

    /// Returns the next item; `None` after the last.
    pub(crate) fn next_change(&mut self) -> Result<Option<Convergence>> {
        if self.over {
            return Ok(None);
        }
        let result = self.wait_for_change();
        self.over = !matches!(&result, Ok(it) if it.state == ConvergenceState::Converging);
        result.map(Some)
    }

    fn wait_for_change(&mut self) -> Result<Convergence> {
        loop {
            if let Some(item) = self.look()? {
                let known = self.told.as_ref().is_some_and(|told| {
                    Convergence { problems: Vec::new(), ..told.clone() } == item
                });
                if !known {
                    self.told = Some(item.clone());
                    return Ok(item);
                }
            }
            self.pause()?;
        }
    }

    /// Polls the service once. `None` while the managers elect a leader.
    fn look(&mut self) -> Result<Option<Convergence>> {
        let first = self.told.is_none();
        let Seen { service, all, current, down } = match self.ask() {
            Ok(found) => found,
            Err(error) if self.passes(&error) => return Ok(None),
            Err(error) => return Err(self.late(error)),
        };
        self.leaderless = None;
        let is_current = |task: &&Task| current.contains(&task.id);
        let count = Count::new(&service, &all, is_current, &down);
        let state = self.state(&service, &count);
        // Problems from before the wait are reported only for up-to-date tasks.
        let new: Vec<_> = all
            .iter()
            .filter(|task| trouble(task))
            .filter(|task| self.known.insert((task.id.clone(), task.status.err.clone())))
            .filter(|task| !first || is_current(task))
            .cloned()
            .collect();
        Ok(Some(Convergence {
            state,
            running: count.running,
            desired: count.desired,
            completed: count.completed,
            update_status: service.update_status,
            problems: new,
        }))
    }

    fn ask(&self) -> Result<Seen> {
        let context = &self.hurried()?;
        let service = context.services().inspect(&self.service, &Default::default())?;
        let (all, current) = tasks_of(context, &self.service)?;
        Ok(Seen { service, all, current, down: nodes_down(context)? })
    }

    /// The context, with the remaining time as its deadline.
    fn hurried(&self) -> Result<Context> {
        let Some(deadline) = self.deadline else { return Ok(self.context.clone()) };
        let left = deadline.at.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(self.too_late(deadline));
        }
        let timeouts = Timeouts { deadline: Some(left), ..self.context.timeouts };
        Ok(self.context.with_timeouts(timeouts))
    }

    /// Reports a timeout of a single call as that of the wait, if the deadline has passed.
    fn late(&self, error: Error) -> Error {
        match self.deadline {
            Some(deadline) if matches!(error, Error::Timeout { .. }) => {
                if deadline.at <= Instant::now() { self.too_late(deadline) } else { error }
            }
            _ => error,
        }
    }

    fn too_late(&self, deadline: Deadline) -> Error {
        Error::Timeout {
            operation: Self::OPERATION,
            what: "the service has not converged",
            after: deadline.after,
        }
    }

    /// Whether the managers return this error during an election, and have done so for less than
    /// the limit.
    fn passes(&mut self, error: &Error) -> bool {
        let Some(api_error) = error.api_error() else { return false };
        let says = |words| api_error.message.contains(words);
        let electing = says("does not have a leader")
            || says("trouble connecting to the cluster")
            || says("code = Unavailable")
            || says("code = DeadlineExceeded");
        electing && self.leaderless.get_or_insert_with(Instant::now).elapsed() < LEADERLESS
    }

    fn pause(&self) -> Result<()> {
        let end = Instant::now() + PAUSE;
        loop {
            if self.cancel.is_cancelled() {
                return Err(Error::Cancelled { operation: Self::OPERATION });
            }
            self.hurried()?;
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            thread::sleep(left.min(SLICE));
        }
    }

    fn state(&mut self, service: &Service, count: &Count) -> ConvergenceState {
        let update = service.update_status.as_ref().map(|status| &status.state);
        match update {
            Some(UpdateState::Paused) => return ConvergenceState::Paused,
            Some(UpdateState::RollbackPaused) => return ConvergenceState::RollbackPaused,
            _ => {}
        }
        if !count.is_there() {
            self.since = None;
            return ConvergenceState::Converging;
        }
        let since = *self.since.get_or_insert_with(Instant::now);
        let configured = service.spec.update_config.as_ref().map_or(0, |it| it.monitor);
        let monitor = self.monitor.unwrap_or(match u64::try_from(configured) {
            Ok(0) | Err(_) => MONITOR,
            Ok(nanos) => Duration::from_nanos(nanos),
        });
        // Completed tasks of a job stay completed.
        let lasting = count.job || since.elapsed() >= monitor;
        match update {
            Some(UpdateState::Updating | UpdateState::RollbackStarted) => {
                ConvergenceState::Converging
            }
            _ if !lasting => ConvergenceState::Converging,
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
struct Seen {
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
    let current: Vec<SeenTask> = context.tasks().list_as(&TaskListOptions { filters })?;
    Ok((all, current.into_iter().map(|it| it.id).collect()))
}

record! {
    /// The ID of an up-to-date task.
    #[derive(Default)]
    struct SeenTask {
        id: String = "ID",
    }
}

fn nodes_down(context: &Context) -> Result<BTreeSet<String>> {
    let nodes: Vec<SeenNode> = context.nodes().list_as(&NodeListOptions::default())?;
    Ok(nodes.into_iter().filter(|it| it.status.state == NodeState::Down).map(|it| it.id).collect())
}

record! {
    /// The fields of a node that are read here.
    #[derive(Default)]
    struct SeenNode {
        id: String = "ID",
        status: SeenStatus = "Status",
    }
}

record! {
    #[derive(Default)]
    struct SeenStatus {
        state: NodeState = "State",
    }
}

/// Whether a task prevents the service from converging.
fn trouble(task: &Task) -> bool {
    match task.status.state {
        TaskState::Failed | TaskState::Rejected | TaskState::Orphaned => true,
        // The scheduler reports here why no node is suitable.
        TaskState::Pending => !task.status.err.is_empty(),
        _ => false,
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
fn lives(state: &TaskState) -> bool {
    rank(state) <= rank(&TaskState::Running)
}

/// Numbers of tasks of a service.
struct Count {
    job: bool,
    running: u64,
    desired: u64,
    completed: u64,
}

impl Count {
    fn new(
        service: &Service,
        all: &[Task],
        is_current: impl Fn(&&Task) -> bool,
        down: &BTreeSet<String>,
    ) -> Count {
        let mode = &service.spec.mode;
        let reached = |task: &&Task| !down.contains(&task.node_id);
        if mode.replicated_job.is_some() || mode.global_job.is_some() {
            let iteration = service.job_status.as_ref().map(|status| status.job_iteration);
            let this: Vec<_> = all.iter().filter(|it| it.job_iteration == iteration).collect();
            let completed = places(&this, |task| task.status.state == TaskState::Complete);
            let desired = match &mode.replicated_job {
                Some(job) => job.total_completions.or(job.max_concurrent).unwrap_or(1),
                None => places(&this, |task| reached(&task)),
            };
            let running = places(&this, |task| task.status.state == TaskState::Running);
            return Count { job: true, running, desired, completed };
        }
        let living: Vec<_> =
            all.iter().filter(|it| lives(&it.desired_state)).filter(reached).collect();
        let desired = match (&mode.replicated, &mode.global) {
            (Some(replicated), _) => replicated.replicas.unwrap_or(1),
            (None, Some(_)) => places(&living, |_| true),
            (None, None) => 1,
        };
        // If a slot has an old and a new task, the old one counts until it is removed.
        let mut by_place = BTreeMap::<_, &Task>::new();
        for task in living.into_iter().filter(is_current) {
            let key = |task: &Task| (rank(&task.desired_state), rank(&task.status.state));
            let in_place = by_place.entry(place(task)).or_insert(task);
            if key(task) < key(in_place) {
                *in_place = task;
            }
        }
        let runs = |task: &&&Task| task.status.state == TaskState::Running;
        let running = by_place.values().filter(runs).count() as u64;
        Count { job: false, running, desired, completed: 0 }
    }

    fn is_there(&self) -> bool {
        if self.job {
            self.desired > 0 && self.completed >= self.desired
        } else {
            self.running == self.desired
        }
    }
}

/// The slot of a task, or its node for a global service.
fn place(task: &Task) -> (i64, &str) {
    (task.slot, if task.slot == 0 { &task.node_id } else { "" })
}

/// Number of slots with a task that satisfies the predicate.
fn places(tasks: &[&Task], such: impl Fn(&Task) -> bool) -> u64 {
    let places: BTreeSet<_> = tasks.iter().filter(|it| such(it)).map(|it| place(it)).collect();
    places.len() as u64
}
