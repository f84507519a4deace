//! The limits that the child sets on itself before it reads a byte. They are set from inside, for setting them between
//! fork and exec needs unsafe code. Where the machine knows a limit not, it is left out and said so.

/// The memory the child may map, in bytes.
pub const MEMORY: u64 = 512 * 1024 * 1024;
/// The processor time it may use, in seconds.
pub const CPU_SECONDS: u64 = 20;
/// How many descriptors it may have open.
#[cfg(target_os = "linux")]
const DESCRIPTORS: u64 = 16;

/// A limit on the child, and whether this machine keeps it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SandboxLimit {
    pub what: String,
    pub holds: bool,
    /// Whether a file may be read without it only where that was allowed.
    pub required: bool,
}

impl SandboxLimit {
    /// Whether a child with these limits may read a stranger's file.
    pub fn suffice(limits: &[Self]) -> bool {
        !limits.is_empty() && limits.iter().all(|limit| limit.holds || !limit.required)
    }
}

pub(super) fn limit(what: &str, holds: bool) -> SandboxLimit {
    SandboxLimit {
        what: what.to_owned(),
        holds,
        required: true,
    }
}

/// Limits this process, for good.
#[cfg(not(target_os = "linux"))]
pub fn confine() -> Vec<SandboxLimit> {
    [
        "memory",
        "processor time",
        "no files",
        "no network",
        "no other programs",
    ]
    .into_iter()
    .map(|what| limit(what, false))
    .collect()
}

/// Limits this process, for good.
#[cfg(target_os = "linux")]
pub fn confine() -> Vec<SandboxLimit> {
    use rlimit::Resource;
    vec![
        limit("512 MB of memory", set(Resource::AS, MEMORY)),
        limit(
            "20 s of processor time",
            Resource::CPU.set(CPU_SECONDS, CPU_SECONDS + 1).is_ok(),
        ),
        limit("16 descriptors", set(Resource::NOFILE, DESCRIPTORS)),
        limit("no core file", set(Resource::CORE, 0)),
        limit("nothing written to files", set(Resource::FSIZE, 0)),
        // Landlock comes first: the system call filter would refuse it. Kernels without it are common, and the filter alone
        // lets nothing be opened, connected or signalled either.
        SandboxLimit {
            required: false,
            ..limit(
                "no files, no ports, no signals to others (Landlock)",
                landlock(),
            )
        },
        limit(
            "no sockets, programs, processes, files opened (seccomp, no new privileges)",
            seccomp(),
        ),
    ]
}

/// Sets a limit, and looks whether it was set.
#[cfg(target_os = "linux")]
pub(super) fn set(resource: rlimit::Resource, most: u64) -> bool {
    resource.set(most, most).is_ok() && resource.get().is_ok_and(|now| now == (most, most))
}

/// Every kind of access that the kernel can refuse is refused; no rule allows any.
#[cfg(target_os = "linux")]
fn landlock() -> bool {
    use landlock::{
        ABI, Access as _, AccessFs, AccessNet, Ruleset, RulesetAttr as _, RulesetStatus, Scope,
    };
    let restricted = Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V6))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(ABI::V6)))
        .and_then(|rules| rules.scope(Scope::from_all(ABI::V6)))
        .and_then(Ruleset::create)
        .and_then(landlock::RulesetCreated::restrict_self);
    restricted.is_ok_and(|status| status.ruleset != RulesetStatus::NotEnforced)
}

/// Only what reading, computing and answering need is allowed; anything else is told `EACCES`, as if it were not there,
/// because a font that cannot be opened is no reason to die.
#[cfg(target_os = "linux")]
fn seccomp() -> bool {
    rules().is_some_and(apply)
}

/// Allows these system calls and refuses all others.
#[cfg(target_os = "linux")]
pub(super) fn apply(rules: Rules) -> bool {
    let Ok(arch) = std::env::consts::ARCH.try_into() else {
        return false;
    };
    seccompiler::SeccompFilter::new(
        rules,
        seccompiler::SeccompAction::Errno(libc::EACCES.unsigned_abs()),
        seccompiler::SeccompAction::Allow,
        arch,
    )
    .and_then(seccompiler::BpfProgram::try_from)
    .is_ok_and(|program| seccompiler::apply_filter(&program).is_ok())
}

/// Has the kernel say of a system call that there is none, whatever a later filter allows.
#[cfg(target_os = "linux")]
pub(super) fn unknown(call: i64) -> bool {
    let Ok(arch) = std::env::consts::ARCH.try_into() else {
        return false;
    };
    seccompiler::SeccompFilter::new(
        Rules::from([(call, Vec::new())]),
        seccompiler::SeccompAction::Allow,
        seccompiler::SeccompAction::Errno(libc::ENOSYS.unsigned_abs()),
        arch,
    )
    .and_then(seccompiler::BpfProgram::try_from)
    .is_ok_and(|program| seccompiler::apply_filter(&program).is_ok())
}

/// System calls that are allowed, each where one of its rules holds; without rules always.
#[cfg(target_os = "linux")]
pub(super) type Rules = std::collections::BTreeMap<i64, Vec<seccompiler::SeccompRule>>;

/// What computing and answering need.
#[cfg(target_os = "linux")]
pub(super) const ALLOWED: [i64; 30] = [
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_lseek,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_sigaltstack,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_getrusage,
    libc::SYS_restart_syscall,
    libc::SYS_membarrier,
];

/// The call, allowed where so many bits of one of its arguments compare so.
#[cfg(target_os = "linux")]
pub(super) fn when(
    argument: u8,
    length: seccompiler::SeccompCmpArgLen,
    operator: seccompiler::SeccompCmpOp,
    value: u64,
) -> Option<Vec<seccompiler::SeccompRule>> {
    use seccompiler::{SeccompCondition, SeccompRule};
    let condition = SeccompCondition::new(argument, length, operator, value).ok()?;
    Some(vec![SeccompRule::new(vec![condition]).ok()?])
}

#[cfg(target_os = "linux")]
fn rules() -> Option<Rules> {
    use seccompiler::{SeccompCmpArgLen::Dword, SeccompCmpOp};
    let executable = u64::try_from(libc::PROT_EXEC).ok()?;
    let own = u64::from(std::process::id());
    let mut rules: Rules = ALLOWED.into_iter().map(|call| (call, Vec::new())).collect();
    // Memory, but none that can be run.
    for call in [libc::SYS_mmap, libc::SYS_mprotect] {
        let not_executable = when(2, Dword, SeccompCmpOp::MaskedEq(executable), 0)?;
        rules.insert(call, not_executable);
    }
    // A panic that aborts signals itself, and nobody else.
    let itself = when(0, Dword, SeccompCmpOp::Eq, own)?;
    rules.insert(libc::SYS_tgkill, itself);
    Some(rules)
}
