//! Waiting until a service is what it shall be.

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

/// The first version that can tell which tasks are what they shall be.
const NEEDED: ApiVersion = ApiVersion::new(1, 29);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(200);

/// A cancelled wait ends within this time.
const SLICE: Duration = Duration::from_millis(20);

/// How long all tasks must run, unless somebody says otherwise. The docker command takes the same.
const MONITOR: Duration = Duration::from_secs(5);

/// How long the managers may be without a leader. They elect one within seconds, or not at all.
const LEADERLESS: Duration = Duration::from_secs(30);

impl Services<'_> {
    /// Follows a service until as many of its tasks run as shall, and what they run is what they
    /// shall run; of a job, until as many have succeeded. Since API 1.29.
    ///
    /// What comes first is how it is now. The last item tells how it ended: it has converged, or an
    /// update failed and has stopped or was taken back. Else, such as when no node takes its tasks,
    /// it goes on without end: the `problems` tell why, and the context's
    /// [`deadline`](crate::Timeouts::deadline), here for the whole wait, or a
    /// [`CancelToken`](crate::CancelToken) end it. So does dropping it.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) when there is no such service, and, of an item,
    /// when it was deleted meanwhile. [`Error::Timeout`](crate::Error::Timeout) when the deadline
    /// passed. That the managers are without a leader for a while is no error.
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
        /// How long all tasks must run without an end before the service counts as converged; what the
        /// service's `update_config` says, or 5 seconds, unless given. In C a number of seconds.
        pub monitor: Option<Duration> = manual "monitor",
    }
}

string_enum! {
    /// How far a service is on its way to what it shall be.
    pub enum ConvergenceState {
        /// It is on its way, or on its way back.
        Converging = "converging",
        /// It is there. The wait is over.
        Converged = "converged",
        /// Too many tasks of an update failed, and it has stopped halfway. The wait is over.
        Paused = "paused",
        /// It is again what it was before its last update: because too many tasks of that failed, or
        /// because it was told to. The wait is over.
        RolledBack = "rolled_back",
        /// It was to be again what it was, too many tasks failed, and it has stopped halfway. The
        /// wait is over.
        RollbackPaused = "rollback_paused",
    }
}

/// How far a service is.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Convergence {
    /// How far.
    pub state: ConvergenceState,
    /// How many tasks run, and are what they shall be.
    pub running: u64,
    /// How many tasks shall run, or of a job succeed. Of a service on each node it counts those that
    /// the managers have decided on.
    pub desired: u64,
    /// How many tasks of a job have succeeded; 0 for other services.
    pub completed: u64,
    /// How far its update is, with the managers' words; missing where there was none.
    pub update_status: Option<UpdateStatus>,
    /// Tasks in trouble, each told once: failed, rejected by their node, or without a node that
    /// takes them. `status.err` says why.
    pub problems: Vec<Task>,
}

/// A wait for a service, item by item as something changes; from
/// [`Services::wait_converged`](super::Services::wait_converged).
///
/// Ends with `None` behind the last item, whose state is not
/// [`Converging`](ConvergenceState::Converging), or behind an error.
pub struct ConvergenceUpdates {
    context: Context,
    cancel: CancelToken,
    deadline: Option<Deadline>,
    service: String,
    monitor: Option<Duration>,
    /// What was told last.
    told: Option<Convergence>,
    /// The troubles that are known: of which task, and which.
    known: BTreeSet<(String, String)>,
    /// Since when it is as it shall be.
    since: Option<Instant>,
    /// Since when the managers are without a leader.
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
    /// The operation that errors of the wait itself name.
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
            // A deadline beyond the end of the clock is none.
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

    /// A handle that ends this wait from another thread.
    pub fn cancel_token(&self) -> CancelToken {
        self.cancel.clone()
    }

    /// Waits to the end, and gives the last item: how it ended.
    ///
    /// # Errors
    /// As the items.
    pub fn finish(mut self) -> Result<Convergence> {
        while let Some(item) = self.next_change()? {
            self.told = Some(item);
        }
        Ok(self.told.unwrap_or_default())
    }

    /// The next item; none when it is over.
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

    /// How it is now; none while nobody can tell.
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
        // Troubles from before the wait are nobody's news, unless it is about these very tasks.
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

    /// The context, with what is left of the time.
    fn hurried(&self) -> Result<Context> {
        let Some(deadline) = self.deadline else { return Ok(self.context.clone()) };
        let left = deadline.at.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(self.too_late(deadline));
        }
        let timeouts = Timeouts { deadline: Some(left), ..self.context.timeouts };
        Ok(self.context.with_timeouts(timeouts))
    }

    /// What it is that has gone wrong, when there is no time left.
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

    /// Whether this is what managers say while they elect a leader, and not for too long.
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
        // What a job has done it has done.
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

/// What one look sees.
struct Seen {
    service: Service,
    /// All its tasks.
    all: Vec<Task>,
    /// Those that are what they shall be.
    current: BTreeSet<String>,
    /// The nodes that are down.
    down: BTreeSet<String>,
}

/// All tasks of a service, and those that are what they shall be.
fn tasks_of(context: &Context, service: &str) -> Result<(Vec<Task>, BTreeSet<String>)> {
    let filters = Filters::new().with("service", service);
    let all = context.tasks().list(&TaskListOptions { filters: filters.clone() })?;
    let filters = filters.with("_up-to-date", "true");
    let current: Vec<SeenTask> = context.tasks().list_as(&TaskListOptions { filters })?;
    Ok((all, current.into_iter().map(|it| it.id).collect()))
}

record! {
    /// What counts of a task that is up to date.
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
    /// What counts of a node here.
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

/// Whether a task tells of something that keeps the service from being what it shall be.
fn trouble(task: &Task) -> bool {
    match task.status.state {
        TaskState::Failed | TaskState::Rejected | TaskState::Orphaned => true,
        // It waits for a node that can take it.
        TaskState::Pending => !task.status.err.is_empty(),
        _ => false,
    }
}

/// How far a task is or shall be, as a number that grows; none for words that nobody knows.
fn rank(state: &TaskState) -> Option<usize> {
    use TaskState::*;
    let order = [
        New, Allocated, Pending, Assigned, Accepted, Preparing, Ready, Starting, Running, Complete,
        Shutdown, Failed, Rejected, Remove, Orphaned,
    ];
    order.iter().position(|it| it == state)
}

/// Whether a task in this state shall run, or does.
fn lives(state: &TaskState) -> bool {
    rank(state) <= rank(&TaskState::Running)
}

/// The tasks of a service, counted.
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
        // Where an old task and a new one are in one place, the old one counts until it is gone.
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

/// What a task takes the place of: a slot, or a node where there is one on each.
fn place(task: &Task) -> (i64, &str) {
    (task.slot, if task.slot == 0 { &task.node_id } else { "" })
}

/// How many places have such a task.
fn places(tasks: &[&Task], such: impl Fn(&Task) -> bool) -> u64 {
    let places: BTreeSet<_> = tasks.iter().filter(|it| such(it)).map(|it| place(it)).collect();
    places.len() as u64
}
