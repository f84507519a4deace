use super::*;

/// A home with a folder that is allowed, a secret beside it, and Clara's own data inside.
struct House {
    folder: tempfile::TempDir,
    files: Files,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().to_owned();
        for name in [
            "Documents/inner",
            "Documents/clara",
            "Documents/.git",
            ".ssh",
        ] {
            std::fs::create_dir_all(home.join(name)).unwrap();
        }
        for (name, text) in [
            ("Documents/report.txt", "The bridge was opened in May 1933."),
            ("Documents/inner/a.md", "inner"),
            ("Documents/clara/clara.json", "own"),
            ("Documents/.git/notes.txt", "SECRET"),
            ("Documents/.notes.txt", "SECRET"),
            ("Documents/id_rsa.txt", "SECRET"),
            ("Documents/server.key.txt", "SECRET"),
            ("Documents/server.pem", "SECRET"),
            ("Documents/program.exe", "MZ"),
            (".ssh/known.txt", "SECRET"),
            ("secret.txt", "SECRET"),
        ] {
            std::fs::write(home.join(name), text).unwrap();
        }
        let files = Files::new(
            &[home.join("Documents"), home.join("Downloads")],
            Some(home.clone()),
            home.join("Documents"),
            &home.join("Documents/clara"),
            1,
        );
        Self { folder, files }
    }

    fn at(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn refusal(&self, path: &str) -> FileError {
        self.files.read(path).expect_err(path)
    }
}

#[test]
fn every_way_to_name_an_allowed_file_works() {
    let house = House::new();
    let absolute = house.at("Documents/report.txt");
    for path in [
        absolute.clone(),
        format!("file://{absolute}"),
        format!("file://localhost{absolute}"),
        "~/Documents/report.txt".to_owned(),
        "report.txt".to_owned(),
        "./inner/../report.txt".to_owned(),
    ] {
        let opened = house.files.read(&path).expect(&path);
        assert_eq!(opened.name, "report.txt");
        assert_eq!(opened.bytes, b"The bridge was opened in May 1933.");
    }
}

#[test]
fn nothing_outside_the_roots_is_read() {
    let house = House::new();
    for path in [
        "../secret.txt".to_owned(),
        "inner/../../secret.txt".to_owned(),
        "~/secret.txt".to_owned(),
        house.at("secret.txt"),
        house.at("Documents/../secret.txt"),
        format!("file://{}", house.at("Documents/%2e%2e/secret.txt")),
        "/etc/passwd".to_owned(),
        "/proc/self/environ".to_owned(),
        "/dev/zero".to_owned(),
        "/".to_owned(),
    ] {
        let error = house.refusal(&path);
        assert!(
            matches!(error, FileError::Outside { .. } | FileError::NoPath { .. }),
            "{path}: {error}"
        );
    }
    let said = house.refusal("/etc/passwd").to_string();
    assert!(
        said.contains("/etc/passwd") && said.contains("Documents"),
        "{said}"
    );
}

#[test]
fn hidden_names_key_files_and_our_own_data_are_never_read() {
    let house = House::new();
    for path in [
        ".notes.txt",
        ".git/notes.txt",
        "id_rsa.txt",
        "server.key.txt",
        "server.pem",
        "SERVER.PEM",
        "id_rsa.md",
        "ID_ED25519.txt",
        "ｉｄ_rsa.txt",
        "credentials.json",
        "client_secret_1.json",
        "secrets.json",
        "vault.kdbx.txt",
    ] {
        assert!(
            matches!(house.refusal(path), FileError::Private { .. }),
            "{path}"
        );
    }
    assert!(matches!(
        house.refusal("~/.ssh/known.txt"),
        FileError::Outside { .. }
    ));
    assert!(matches!(
        house.refusal("clara/clara.json"),
        FileError::OwnData { .. }
    ));
}

#[test]
fn what_is_no_supported_regular_file_is_refused_with_its_reason() {
    let house = House::new();
    assert!(matches!(
        house.refusal("nothing.txt"),
        FileError::NotThere { .. }
    ));
    assert!(matches!(
        house.refusal("report.txt/a.txt"),
        FileError::NotThere { .. }
    ));
    assert!(matches!(house.refusal("inner"), FileError::Folder { .. }));
    assert!(matches!(
        house.refusal("program.exe"),
        FileError::Unsupported { .. }
    ));
    assert!(matches!(house.refusal(""), FileError::NoPath { .. }));
    assert!(matches!(house.refusal("a\0.txt"), FileError::NoPath { .. }));
    assert!(matches!(
        house.refusal("file://elsewhere/a.txt"),
        FileError::NoPath { .. }
    ));
    std::fs::write(house.at("Documents/big.txt"), vec![b'a'; 1024 * 1024 + 1]).unwrap();
    std::fs::write(house.at("Documents/full.txt"), vec![b'a'; 1024 * 1024]).unwrap();
    assert!(matches!(
        house.refusal("big.txt"),
        FileError::TooLarge { megabytes: 1, .. }
    ));
    assert_eq!(
        house.files.read("full.txt").unwrap().bytes.len(),
        1024 * 1024
    );
}

#[test]
fn a_name_that_hides_its_end_is_shown_escaped() {
    let house = House::new();
    let said = house.refusal("re\u{202e}fdp.exe\n.txt").to_string();
    assert!(said.contains("\\u{202e}") && said.contains("\\n"), "{said}");
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::process::Command;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn links_lead_nowhere_outside_and_to_nothing_hidden() {
        let house = House::new();
        for (name, target) in [
            ("out.txt", house.at("secret.txt")),
            ("up.txt", "../secret.txt".to_owned()),
            ("ssh", house.at(".ssh")),
            ("proc", "/proc/self".to_owned()),
            ("hidden.txt", ".notes.txt".to_owned()),
            ("git", ".git".to_owned()),
            ("data", "clara".to_owned()),
            ("fine.txt", "report.txt".to_owned()),
        ] {
            symlink(target, house.at("Documents") + "/" + name).unwrap();
        }
        for path in ["out.txt", "up.txt", "ssh/known.txt", "proc/environ.txt"] {
            let error = house.refusal(path);
            assert!(
                matches!(error, FileError::Outside { .. }),
                "{path}: {error:?}"
            );
        }
        for path in ["hidden.txt", "git/notes.txt"] {
            assert!(
                matches!(house.refusal(path), FileError::Private { .. }),
                "{path}"
            );
        }
        assert!(matches!(
            house.refusal("data/clara.json"),
            FileError::OwnData { .. }
        ));
        assert!(house.files.read("fine.txt").is_ok());
    }

    #[test]
    fn pipes_and_sockets_are_refused_without_waiting_for_them() {
        let house = House::new();
        let made = Command::new("mkfifo")
            .arg(house.at("Documents/pipe.txt"))
            .status()
            .unwrap();
        assert!(made.success());
        let _listener = UnixListener::bind(house.at("Documents/socket.txt")).unwrap();
        for path in ["pipe.txt", "socket.txt"] {
            assert!(
                matches!(house.refusal(path), FileError::NotRegular { .. }),
                "{path}"
            );
        }
    }

    #[test]
    fn a_file_swapped_for_a_link_while_it_is_opened_gives_nothing_away() {
        let house = House::new();
        let target = house.at("Documents/swap.txt");
        let (plain, link) = (
            house.at("Documents/plain.tmp"),
            house.at("Documents/link.tmp"),
        );
        let secret = house.at("secret.txt");
        let stop = Arc::new(AtomicBool::new(false));
        let swapping = std::thread::spawn({
            let stop = Arc::clone(&stop);
            move || {
                while !stop.load(Ordering::Relaxed) {
                    std::fs::write(&plain, "plain").unwrap();
                    std::fs::rename(&plain, &target).unwrap();
                    symlink(&secret, &link).unwrap();
                    std::fs::rename(&link, &target).unwrap();
                }
            }
        });
        for _ in 0..2000 {
            if let Ok(opened) = house.files.read("swap.txt") {
                assert_ne!(opened.bytes, b"SECRET");
            }
        }
        stop.store(true, Ordering::Relaxed);
        swapping.join().unwrap();
    }
}

#[test]
fn the_default_folders_leave_out_the_whole_home_and_the_whole_machine() {
    let home = Path::new("/home/ann");
    let names = |working: &str| default_roots(Some(home), Path::new(working)).len();
    assert_eq!(names("/home/ann/project"), 4);
    assert_eq!(names("/home/ann"), 3);
    assert_eq!(names("/home"), 3, "the home lies in it");
    assert_eq!(names("/"), 3);
    assert_eq!(names("/home/ann/.ssh"), 3);
    assert_eq!(
        default_roots(None, Path::new("/srv/x")),
        [PathBuf::from("/srv/x")]
    );
}
