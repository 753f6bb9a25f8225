//! A headless Chromium for tests, spoken to by the DevTools protocol over a WebSocket (RFC 6455), without a driver.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long a page may take for a step.
const PATIENCE: Duration = Duration::from_secs(30);

/// A browser with one page; it ends when this is dropped.
pub struct Browser {
    process: Child,
    socket: TcpStream,
    session: Option<String>,
    next: u64,
    /// What it told without being asked: errors, messages of the console, requests.
    pub events: Vec<Value>,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts the browser that `JUESUAN_CHROMIUM` names, or one of the usual names; `None` where there is none.
    pub fn start() -> Option<Self> {
        let named = std::env::var("JUESUAN_CHROMIUM").ok();
        let usual = ["chromium", "chromium-browser", "google-chrome"].map(str::to_owned);
        let profile = tempfile::tempdir().expect("a folder");
        let launch = |program: &String| {
            let mut command = Command::new(program);
            command.args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--remote-debugging-port=0",
            ]);
            command.arg(format!("--user-data-dir={}", profile.path().display())).arg("about:blank");
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().ok()
        };
        let mut process = named.iter().chain(&usual).find_map(launch)?;
        let mut lines = BufReader::new(process.stderr.take()?).lines().map_while(Result::ok);
        let address =
            lines.find_map(|line| line.split_once("DevTools listening on ws://").map(|(_, rest)| rest.to_owned()))?;
        // The pipe is read on, or the browser stands still when it is full.
        std::thread::spawn(move || lines.for_each(drop));
        let socket = upgrade(&address);
        let mut browser = Self { process, socket, session: None, next: 0, events: Vec::new(), _profile: profile };
        let target = browser.ask("Target.createTarget", &json!({"url": "about:blank"}))["targetId"].clone();
        let session = browser.ask("Target.attachToTarget", &json!({"targetId": target, "flatten": true}));
        browser.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.ask(&format!("{domain}.enable"), &json!({}));
        }
        Some(browser)
    }

    /// Asks for a command of the protocol and waits for the answer.
    pub fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.next += 1;
        let mut message = json!({"id": self.next, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        send(&mut self.socket, &message.to_string());
        loop {
            let answer: Value = serde_json::from_str(&receive(&mut self.socket)).expect("JSON");
            if answer["id"] == json!(self.next) {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
            self.events.push(answer);
        }
    }

    /// The value of an expression in the page.
    pub fn value(&mut self, expression: &str) -> Value {
        let params = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = self.ask("Runtime.evaluate", &params);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// The text of an expression in the page.
    pub fn text(&mut self, expression: &str) -> String {
        self.value(expression).as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an expression is true.
    pub fn wait_for(&mut self, expression: &str) {
        let start = Instant::now();
        while self.value(expression) != json!(true) {
            assert!(start.elapsed() < PATIENCE, "{expression}: {}", self.text("document.body.innerText.slice(0, 400)"));
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Opens a file.
    pub fn open(&mut self, path: &Path) {
        let url = format!("file://{}", path.display());
        self.ask("Page.navigate", &json!({ "url": url }));
        self.wait_for("document.readyState === 'complete'");
    }

    /// Sets the size of the window.
    pub fn resize(&mut self, width: u32, height: u32) {
        let params = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        self.ask("Emulation.setDeviceMetricsOverride", &params);
    }

    /// Everything that a page should not have done: errors, messages of the console, requests but for itself.
    pub fn complaints(&mut self) -> Vec<String> {
        self.value("1");
        let complaint = |event: &Value| {
            let url = event["params"]["request"]["url"].as_str().unwrap_or_default();
            match event["method"].as_str().unwrap_or_default() {
                "Runtime.exceptionThrown" | "Runtime.consoleAPICalled" | "Log.entryAdded" => Some(event.to_string()),
                "Network.requestWillBeSent" if !url.ends_with("/index.html") => Some(url.to_owned()),
                _ => None,
            }
        };
        self.events.iter().filter_map(complaint).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn upgrade(address: &str) -> TcpStream {
    let (host, path) = address.trim().split_once('/').expect("a path");
    let mut socket = TcpStream::connect(host).expect("the browser listens");
    socket.set_read_timeout(Some(PATIENCE)).expect("a limit");
    let request = format!(
        "GET /{path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: anVlc3VhbiBqdWVzdWFuIQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    );
    socket.write_all(request.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        socket.read_exact(&mut byte).expect("an answer");
        answer.push(byte[0]);
    }
    assert!(answer.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&answer));
    socket
}

/// Sends a text frame; the mask that clients must use is all zeros.
fn send(socket: &mut TcpStream, text: &str) {
    let mut frame = vec![0x81];
    match u16::try_from(text.len()) {
        Ok(short @ 0..=125) => frame.push(0x80 | u8::try_from(short).expect("short")),
        Ok(length) => frame.extend([&[0xfe], length.to_be_bytes().as_slice()].concat()),
        Err(_) => frame.extend([&[0xff], (text.len() as u64).to_be_bytes().as_slice()].concat()),
    }
    frame.extend([0; 4]);
    frame.extend(text.as_bytes());
    socket.write_all(&frame).expect("sent");
}

/// Receives a message, put together from its frames.
fn receive(socket: &mut TcpStream) -> String {
    let mut message = Vec::new();
    loop {
        let mut head = [0; 2];
        socket.read_exact(&mut head).expect("a frame");
        let length = match head[1] & 0x7f {
            126 => u64::from(u16::from_be_bytes(bytes(socket))),
            127 => u64::from_be_bytes(bytes(socket)),
            short => u64::from(short),
        };
        let mut payload = vec![0; usize::try_from(length).expect("a length")];
        socket.read_exact(&mut payload).expect("a payload");
        match head[0] & 0x0f {
            0..=2 => message.extend(payload),
            8 => panic!("the browser closed the connection"),
            _ => continue,
        }
        if head[0] & 0x80 != 0 {
            return String::from_utf8(message).expect("UTF-8");
        }
    }
}

fn bytes<const N: usize>(socket: &mut TcpStream) -> [u8; N] {
    let mut bytes = [0; N];
    socket.read_exact(&mut bytes).expect("a length");
    bytes
}
