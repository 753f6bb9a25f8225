//! A PostgreSQL server of its own for a test: on a private port, in a folder of its own, gone afterwards.

#![allow(clippy::print_stderr)] // a test that is skipped says so

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// A server that runs.
pub struct Server {
    bin: PathBuf,
    dir: PathBuf,
    port: u16,
}

static SERVER: Mutex<Weak<Server>> = Mutex::new(Weak::new());

impl Server {
    /// The server that tests of this process share while any of them runs. `None`, said loudly, where PostgreSQL is
    /// not installed.
    pub fn get() -> Option<Arc<Self>> {
        let mut shared = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = shared.upgrade() {
            return Some(server);
        }
        let Some(bin) = binaries() else {
            eprintln!("\n*** SKIPPED: PostgreSQL is not installed (Debian: apt-get install postgresql) ***\n");
            return None;
        };
        let server = Arc::new(Self::start(bin));
        *shared = Arc::downgrade(&server);
        Some(server)
    }

    fn start(bin: PathBuf) -> Self {
        let dir = PathBuf::from(said(&run(unprivileged("mktemp").args(["-d", "-t", "juesuan-pg-XXXXXX"]))));
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        let server = Self { bin, dir, port };
        let data = server.dir.join("data");
        let mut initdb = unprivileged(server.bin.join("initdb"));
        initdb.args(["-A", "trust", "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8", "-D"]).arg(&data);
        run(&mut initdb);
        let options = format!("-p {port} -k {} -c listen_addresses=127.0.0.1 -c fsync=off", server.dir.display());
        let mut start = unprivileged(server.bin.join("pg_ctl"));
        start.arg("-D").arg(&data).args(["-o", &options, "-w", "-l"]).arg(server.dir.join("log")).arg("start");
        // A server that inherits the pipe would keep it open for as long as it runs.
        let status = start.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).status();
        assert!(status.expect("pg_ctl runs").success(), "{}", server.log());
        server
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.dir.join("log")).unwrap_or_default()
    }

    /// Folder of its socket and data.
    #[allow(dead_code)]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Makes a database, and gives its address.
    pub fn database(&self, name: &str) -> String {
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        self.address("postgres", name)
    }

    /// The address of a database for a user.
    pub fn address(&self, user: &str, database: &str) -> String {
        format!("postgres://{user}@127.0.0.1:{}/{database}", self.port)
    }

    /// What a statement gives, a line a row, with `|` between columns.
    pub fn sql(&self, database: &str, sql: &str) -> String {
        let mut psql = Command::new(self.bin.join("psql"));
        psql.args(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", "postgres"]);
        said(&run(psql.args(["-p", &self.port.to_string(), "-d", database, "-c", sql])))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut stop = unprivileged(self.bin.join("pg_ctl"));
        let _ = stop.arg("-D").arg(self.dir.join("data")).args(["-m", "immediate", "stop"]).output();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// A command that runs as a user whom the server accepts: it refuses to run as root.
fn unprivileged(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let is_root = said(&run(Command::new("id").arg("-u"))) == "0";
    if !is_root {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program).current_dir("/");
    command
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}

/// The folder of the newest server that is installed.
fn binaries() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|e| e.path().join("bin"));
    let mut folders: Vec<PathBuf> = debian.collect();
    folders.sort();
    folders.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    folders.into_iter().rfind(|folder| ["initdb", "pg_ctl", "psql"].iter().all(|name| folder.join(name).is_file()))
}
