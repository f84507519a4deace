//! The child that turns into a program of another maker: it limits itself to what that one program needs, and then is
//! replaced by it. The program reads standard input and writes standard output; of files it may read its own data and the
//! libraries it is linked with.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// How the child ends where it could not limit itself, and so did not start the program.
pub const UNCONFINED: u8 = 125;
/// How it ends where the program could not be started.
pub const NOT_STARTED: u8 = 126;

/// What a program may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToolBounds {
    /// A page or a picture: 1 GB of memory, 25 s of processor time, one thread.
    Picture,
    /// A film, which the program finds in a file without a name: 2 GB of memory, 60 s of processor time on all its threads.
    Film,
    /// Speech by a model: 6 GB of memory, 500 s of processor time on all its threads.
    Speech,
}

impl ToolBounds {
    const ALL: [(Self, &'static str); 3] = [
        (Self::Picture, "picture"),
        (Self::Film, "film"),
        (Self::Speech, "speech"),
    ];

    fn word(self) -> &'static str {
        let named = Self::ALL.iter().find(|(bounds, _)| *bounds == self);
        named.map_or("", |(_, word)| word)
    }

    #[cfg(any(target_os = "linux", test))]
    fn from_word(word: &str) -> Option<Self> {
        let named = Self::ALL.iter().find(|(_, known)| *known == word);
        named.map(|(bounds, _)| *bounds)
    }

    /// The memory that the program may map, in bytes.
    #[cfg(target_os = "linux")]
    fn memory(self) -> u64 {
        const GIGABYTE: u64 = 1024 * 1024 * 1024;
        match self {
            Self::Picture => GIGABYTE,
            Self::Film => 2 * GIGABYTE,
            Self::Speech => 6 * GIGABYTE,
        }
    }

    /// The processor time it may use, in seconds.
    #[cfg(target_os = "linux")]
    fn cpu_seconds(self) -> u64 {
        match self {
            Self::Picture => 25,
            Self::Film => 60,
            Self::Speech => 500,
        }
    }

    /// Whether it may work on several threads.
    #[cfg(target_os = "linux")]
    fn has_threads(self) -> bool {
        self != Self::Picture
    }
}

/// A program to turn into, and what it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolRun {
    pub program: PathBuf,
    /// The folder or file of its data, where it has one.
    pub data: Option<PathBuf>,
    pub arguments: Vec<OsString>,
    pub bounds: ToolBounds,
    /// Whether it is started even where the limits could not be set.
    pub allow_unconfined: bool,
}

impl ToolRun {
    /// As words behind `clara extract`.
    pub fn words(&self) -> Vec<OsString> {
        let confinement = if self.allow_unconfined {
            "unconfined"
        } else {
            "confined"
        };
        let data = self.data.clone().unwrap_or_default();
        let mut words = vec![
            confinement.into(),
            self.bounds.word().into(),
            self.program.clone().into_os_string(),
            data.into_os_string(),
        ];
        words.extend(self.arguments.iter().cloned());
        words
    }

    /// What [`ToolRun::words`] wrote; `None` for other words.
    #[cfg(any(target_os = "linux", test))]
    pub fn from_words(words: &[OsString]) -> Option<Self> {
        let [confinement, bounds, program, data, arguments @ ..] = words else {
            return None;
        };
        let allow_unconfined = match confinement.to_str()? {
            "confined" => false,
            "unconfined" => true,
            _ => return None,
        };
        let bounds = ToolBounds::from_word(bounds.to_str()?)?;
        let program = PathBuf::from(program);
        program.is_absolute().then(|| Self {
            program,
            data: (!data.is_empty()).then(|| data.into()),
            arguments: arguments.to_vec(),
            bounds,
            allow_unconfined,
        })
    }
}

/// The body of `clara extract` with words behind it: limits itself, and is replaced by the program that they name. Comes back
/// only where that failed.
#[cfg(target_os = "linux")]
pub fn tool_child_main(words: &[OsString]) -> ExitCode {
    use std::os::unix::process::CommandExt as _;
    let Some(run) = ToolRun::from_words(words) else {
        return ExitCode::from(2);
    };
    if run.bounds == ToolBounds::Film && linux::input_to_memory().is_err() {
        return ExitCode::from(NOT_STARTED);
    }
    let is_confined = linux::confine(&run);
    if !is_confined && !run.allow_unconfined {
        return ExitCode::from(UNCONFINED);
    }
    let mut command = std::process::Command::new(&run.program);
    // It comes back only with an error.
    drop(command.args(&run.arguments).exec());
    ExitCode::from(NOT_STARTED)
}

/// Nothing is confined here: where files are read all the same, the program is started without this child.
#[cfg(not(target_os = "linux"))]
pub fn tool_child_main(_words: &[OsString]) -> ExitCode {
    ExitCode::from(UNCONFINED)
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io::Seek as _;
    use std::path::{Path, PathBuf};

    use landlock::{
        ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, Ruleset,
        RulesetAttr as _, RulesetCreatedAttr as _, RulesetError, RulesetStatus, Scope,
        path_beneath_rules,
    };
    use rlimit::Resource;
    use seccompiler::SeccompCmpArgLen::{Dword, Qword};
    use seccompiler::SeccompCmpOp;

    use super::super::confine::{ALLOWED, Rules, apply, set, unknown, when};
    use super::ToolRun;

    /// How many descriptors it may have open.
    const DESCRIPTORS: u64 = 32;
    /// Where systems keep the libraries that programs are linked with.
    const LIBRARIES: [&str; 8] = [
        "/lib",
        "/lib32",
        "/lib64",
        "/usr/lib",
        "/usr/lib64",
        "/usr/local/lib",
        "/etc/ld.so.cache",
        "/etc/ld-musl-x86_64.path",
    ];

    /// Makes a file in memory of what comes on standard input, and that file standard input: a program that has to go back and forth
    /// in it can do so, and nothing is written to a disk.
    pub fn input_to_memory() -> std::io::Result<()> {
        let memory = rustix::fs::memfd_create("film", rustix::fs::MemfdFlags::CLOEXEC)?;
        let mut file = std::fs::File::from(memory);
        std::io::copy(&mut std::io::stdin().lock(), &mut file)?;
        file.rewind()?;
        Ok(rustix::stdio::dup2_stdin(&file)?)
    }

    /// Limits this process and the program that it will be, for good. Whether all of it holds.
    pub fn confine(run: &ToolRun) -> bool {
        let seconds = run.bounds.cpu_seconds();
        let is_bounded = [
            set(Resource::AS, run.bounds.memory()),
            Resource::CPU.set(seconds, seconds + 1).is_ok(),
            set(Resource::NOFILE, DESCRIPTORS),
            set(Resource::CORE, 0),
            set(Resource::FSIZE, 0),
        ];
        // The filter of system calls knows no paths: without Landlock the program could read every file that we can.
        let is_shut_in = landlock(run).unwrap_or(false);
        let is_filtered = if run.bounds.has_threads() {
            // The kernel is to say that it does not know the newer call, so that threads are started by the older, whose flags can
            // be looked at.
            unknown(libc::SYS_clone3) && rules(true).is_some_and(apply)
        } else {
            rules(false).is_some_and(apply)
        };
        is_bounded.iter().all(|holds| *holds) && is_shut_in && is_filtered
    }

    /// Of all files, what the program needs can be read, and the program alone can be run.
    fn landlock(run: &ToolRun) -> Result<bool, RulesetError> {
        let read = AccessFs::ReadFile | AccessFs::ReadDir;
        let programs = std::iter::once(run.program.clone()).chain(loaders());
        let data = run.data.iter().map(PathBuf::as_path);
        let readable = LIBRARIES.iter().map(Path::new).chain(data);
        let status = Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(ABI::V6))?
            .handle_access(AccessNet::from_all(ABI::V6))?
            .scope(Scope::from_all(ABI::V6))?
            .create()?
            .add_rules(path_beneath_rules(
                programs,
                AccessFs::Execute | AccessFs::ReadFile,
            ))?
            .add_rules(path_beneath_rules(readable, read))?
            .restrict_self()?;
        Ok(status.ruleset != RulesetStatus::NotEnforced)
    }

    /// The loaders that a program names as its interpreter: the kernel runs them.
    fn loaders() -> Vec<PathBuf> {
        let folders = ["/lib64", "/lib", "/usr/lib64", "/usr/lib"];
        let entries = folders
            .iter()
            .filter_map(|folder| std::fs::read_dir(folder).ok());
        entries
            .flat_map(Iterator::flatten)
            .filter(|entry| entry.file_name().as_encoded_bytes().starts_with(b"ld-"))
            .map(|entry| entry.path())
            .collect()
    }

    /// What the reading child may do, and what loading a program takes: to open files for reading, and to map code.
    fn rules(has_threads: bool) -> Option<Rules> {
        const MORE: [i64; 23] = [
            libc::SYS_execve,
            libc::SYS_mmap,
            libc::SYS_mprotect,
            libc::SYS_pread64,
            libc::SYS_readv,
            libc::SYS_newfstatat,
            libc::SYS_statx,
            libc::SYS_faccessat,
            libc::SYS_faccessat2,
            libc::SYS_readlinkat,
            libc::SYS_getdents64,
            libc::SYS_fadvise64,
            libc::SYS_getcwd,
            libc::SYS_uname,
            libc::SYS_sysinfo,
            libc::SYS_set_tid_address,
            libc::SYS_set_robust_list,
            libc::SYS_rseq,
            libc::SYS_getuid,
            libc::SYS_geteuid,
            libc::SYS_getgid,
            libc::SYS_getegid,
            libc::SYS_clock_getres,
        ];
        #[cfg(target_arch = "x86_64")]
        const OLDER: [i64; 5] = [
            libc::SYS_access,
            libc::SYS_arch_prctl,
            libc::SYS_lstat,
            libc::SYS_readlink,
            libc::SYS_stat,
        ];
        #[cfg(not(target_arch = "x86_64"))]
        const OLDER: [i64; 0] = [];
        let calls = ALLOWED.into_iter().chain(MORE).chain(OLDER);
        let mut rules: Rules = calls.map(|call| (call, Vec::new())).collect();
        let bits = |flags: libc::c_int| u64::try_from(flags).ok();
        let writing = bits(libc::O_WRONLY | libc::O_RDWR | libc::O_CREAT | libc::O_TRUNC)?;
        let reading_only = when(2, Dword, SeccompCmpOp::MaskedEq(writing), 0)?;
        rules.insert(libc::SYS_openat, reading_only);
        #[cfg(target_arch = "x86_64")]
        rules.insert(
            libc::SYS_open,
            when(1, Dword, SeccompCmpOp::MaskedEq(writing), 0)?,
        );
        // Limits may be asked for and not be changed.
        rules.insert(libc::SYS_prlimit64, when(2, Qword, SeccompCmpOp::Eq, 0)?);
        let mut fcntl = Vec::new();
        for command in [libc::F_GETFD, libc::F_SETFD, libc::F_GETFL] {
            fcntl.extend(when(1, Dword, SeccompCmpOp::Eq, bits(command)?)?);
        }
        rules.insert(libc::SYS_fcntl, fcntl);
        // The number of the process stays, for it does not fork.
        let own = u64::from(std::process::id());
        rules.insert(libc::SYS_tgkill, when(0, Dword, SeccompCmpOp::Eq, own)?);
        if has_threads {
            rules.insert(libc::SYS_clone3, Vec::new());
            let thread = bits(libc::CLONE_THREAD | libc::CLONE_VM)?;
            let only_threads = when(0, Qword, SeccompCmpOp::MaskedEq(thread), thread)?;
            rules.insert(libc::SYS_clone, only_threads);
        }
        Some(rules)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tool_runs_come_back_as_they_were_written() {
        for data in [None, Some(PathBuf::from("/data"))] {
            let run = ToolRun {
                program: "/usr/bin/tesseract".into(),
                data,
                arguments: vec!["stdin".into(), "-l".into()],
                bounds: ToolBounds::Picture,
                allow_unconfined: true,
            };
            assert_eq!(ToolRun::from_words(&run.words()), Some(run));
        }
    }

    #[test]
    fn words_that_name_no_program_are_refused() {
        for words in [
            vec![],
            vec!["confined"],
            vec!["confined", "picture", "tesseract", ""],
            vec!["free", "picture", "/usr/bin/tesseract", ""],
            vec!["confined", "boundless", "/usr/bin/tesseract", ""],
        ] {
            let words: Vec<OsString> = words.into_iter().map(OsString::from).collect();
            assert_eq!(ToolRun::from_words(&words), None, "{words:?}");
        }
    }
}
