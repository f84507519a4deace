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

fn limit(what: &str, holds: bool) -> SandboxLimit {
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
    let set = |resource: Resource, most: u64| {
        resource.set(most, most).is_ok() && resource.get().is_ok_and(|now| now == (most, most))
    };
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
    let Ok(arch) = std::env::consts::ARCH.try_into() else {
        return false;
    };
    let Some(rules) = rules() else { return false };
    seccompiler::SeccompFilter::new(
        rules,
        seccompiler::SeccompAction::Errno(libc::EACCES.unsigned_abs()),
        seccompiler::SeccompAction::Allow,
        arch,
    )
    .and_then(seccompiler::BpfProgram::try_from)
    .is_ok_and(|program| seccompiler::apply_filter(&program).is_ok())
}

#[cfg(target_os = "linux")]
fn rules() -> Option<std::collections::BTreeMap<i64, Vec<seccompiler::SeccompRule>>> {
    use seccompiler::{SeccompCmpArgLen::Dword, SeccompCmpOp, SeccompCondition, SeccompRule};
    const ALLOWED: [i64; 30] = [
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
    let when = |argument, operator, value| {
        let condition = SeccompCondition::new(argument, Dword, operator, value).ok()?;
        Some(vec![SeccompRule::new(vec![condition]).ok()?])
    };
    let executable = u64::try_from(libc::PROT_EXEC).ok()?;
    let own = u64::from(std::process::id());
    let mut rules: std::collections::BTreeMap<_, _> =
        ALLOWED.into_iter().map(|call| (call, Vec::new())).collect();
    // Memory, but none that can be run.
    for call in [libc::SYS_mmap, libc::SYS_mprotect] {
        rules.insert(call, when(2, SeccompCmpOp::MaskedEq(executable), 0)?);
    }
    // A panic that aborts signals itself, and nobody else.
    rules.insert(libc::SYS_tgkill, when(0, SeccompCmpOp::Eq, own)?);
    Some(rules)
}
