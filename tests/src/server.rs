use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::Database;

/// The program under test: `DIARIO_BIN`, or the one that cargo put beside this test's own folder.
pub fn program() -> PathBuf {
    if let Some(path) = std::env::var_os("DIARIO_BIN") {
        return PathBuf::from(path);
    }
    let own = std::env::current_exe().unwrap();
    let beside = own.parent().and_then(Path::parent).unwrap().join("diario");
    assert!(beside.exists(), "{} is not built: cargo build -p diario-api", beside.display());
    beside
}

/// The server runs under a small shell that ends it when the test program is gone, however it went: the
/// shell's input is a pipe that only the test program holds.
const KEEPER: &str = r#"
"$@" 2>>"$DIARIO_TEST_LOG" &
server=$!
echo "pid $server"
exec 2>/dev/null
cat >/dev/null
kill "$server" 2>/dev/null
wait "$server"
[ -z "$DIARIO_TEST_CLEAN" ] || rm -rf "$DIARIO_TEST_CLEAN"
"#;

/// The receivers of webhooks run beside the tests.
const LOOPBACK: &str = "--webhooks-allow-loopback";

/// A running `diario serve`. Dropping it ends it gracefully.
#[derive(Debug)]
pub struct Server {
    pub base: String,
    pub pid: u32,
    keeper: Child,
    log: PathBuf,
}

impl Server {
    pub fn start(database: &Database) -> Self {
        Self::launch(database, false, &[LOOPBACK], &[])
    }

    /// With these options and no others.
    pub fn start_with(database: &Database, options: &[&str]) -> Self {
        Self::launch(database, false, options, &[])
    }

    /// With these variables in its environment.
    pub fn start_in(database: &Database, environment: &[(&str, &Path)]) -> Self {
        Self::launch(database, false, &[LOOPBACK], environment)
    }

    /// For a server that lives as long as the test program: its folder goes with it.
    pub fn start_shared(database: &Database) -> Self {
        Self::launch(database, true, &[LOOPBACK], &[])
    }

    fn launch(database: &Database, clean: bool, options: &[&str], environment: &[(&str, &Path)]) -> Self {
        let log = database.folder().join("server.log");
        let mut command = Command::new("sh");
        command
            .args(["-c", KEEPER, "diario"])
            .arg(program())
            .args(["serve", "--listen", "127.0.0.1:0", "--database", &database.url])
            .args(options)
            .envs(environment.iter().copied())
            .env("DIARIO_TEST_LOG", &log)
            .env("DIARIO_TEST_CLEAN", if clean { database.folder().as_os_str() } else { "".as_ref() })
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut keeper = command.spawn().unwrap();
        let lines = BufReader::new(keeper.stdout.take().unwrap()).lines();
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let mut pid = 0;
        let until = Instant::now() + Duration::from_mins(1);
        loop {
            match receiver.recv_timeout(Duration::from_millis(200)) {
                Ok(line) => {
                    if let Some(number) = line.strip_prefix("pid ") {
                        pid = number.trim().parse().unwrap();
                    } else if let Some(base) = line.strip_prefix("listening on ") {
                        let base = base.trim().trim_end_matches('/').to_owned();
                        return Self { base, pid, keeper, log };
                    }
                }
                Err(_) if Instant::now() < until && (pid == 0 || alive(pid)) => {}
                Err(_) => {
                    drop(keeper.stdin.take());
                    let _ = keeper.wait();
                    panic!("diario serve did not come up:\n{}", tail(&log));
                }
            }
        }
    }

    /// `kill -9`: the server gets no chance to tidy up.
    pub fn kill_hard(mut self) {
        let status = Command::new("kill").args(["-9", &self.pid.to_string()]).status().unwrap();
        assert!(status.success(), "the server was gone before it was killed:\n{}", tail(&self.log));
        self.end();
    }

    pub fn log_tail(&self) -> String {
        tail(&self.log)
    }

    fn end(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

fn alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}

fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}
