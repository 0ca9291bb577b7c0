//! A headless Chromium, spoken to in its own protocol (<https://chromedevtools.github.io/devtools-protocol/>).

use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tungstenite::{Message, WebSocket};

/// How long anything may take. Only a browser that hangs is so slow.
const PATIENCE: Duration = Duration::from_secs(90);

/// The names a Chromium may have.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const FLAGS: [&str; 12] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
    "about:blank",
];

/// A running Chromium with one page. It ends with the value.
pub(crate) struct Chromium {
    process: Child,
    socket: WebSocket<TcpStream>,
    session: String,
    next_id: u64,
    /// What the page did that nobody waited for.
    events: Vec<Value>,
    _profile: TempDir,
}

impl Chromium {
    /// Starts one; `None`, and said so, where there is none.
    pub(crate) fn start() -> Option<Self> {
        let Some(program) = find() else {
            eprintln!(
                "skipped: no Chromium here (package chromium); what the page does in a browser is not tested"
            );
            return None;
        };
        let profile = tempfile::tempdir().expect("a directory for the profile");
        let mut process = Command::new(&program)
            .args(FLAGS)
            // What it leaves there when it is ended goes with the profile.
            .env("TMPDIR", profile.path())
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("Chromium starts");
        let Some(address) = address(&mut process) else {
            let _ = process.wait();
            eprintln!("skipped: {} does not start here", program.display());
            return None;
        };
        let host = address.trim_start_matches("ws://").split('/').next().unwrap_or_default();
        let stream = TcpStream::connect(host).expect("Chromium listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a patience");
        let (socket, _) = tungstenite::client(address, stream).expect("Chromium speaks WebSocket");
        let events = Vec::new();
        let mut chromium =
            Self { process, socket, session: String::new(), next_id: 0, events, _profile: profile };
        let target = chromium.call("Target.createTarget", json!({"url": "about:blank"}));
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let attached = chromium.call("Target.attachToTarget", attach);
        chromium.session = attached["sessionId"].as_str().expect("a session").to_owned();
        for domain in ["Page", "Runtime", "Log", "Network", "Performance"] {
            chromium.call(&format!("{domain}.enable"), json!({}));
        }
        chromium.resize(1280, 900);
        Some(chromium)
    }

    /// Calls a method of the protocol.
    #[track_caller]
    pub(crate) fn call(&mut self, method: &str, params: Value) -> Value {
        self.next_id += 1;
        let id = self.next_id;
        let mut message = json!({"id": id, "method": method, "params": params});
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        self.socket.send(Message::text(message.to_string())).expect("Chromium listens");
        loop {
            let answer = self.receive();
            if answer["id"] == id {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
            self.events.push(answer);
        }
    }

    fn receive(&mut self) -> Value {
        loop {
            if let Message::Text(text) = self.socket.read().expect("Chromium answers") {
                return serde_json::from_str(&text).expect("Chromium speaks JSON");
            }
        }
    }

    /// Opens a report, at a place in it, and waits until its script is through.
    pub(crate) fn open(&mut self, file: &Path, place: &str) {
        self.events.clear();
        let url = format!("file://{}{place}", file.display());
        // Another place in the same file would be no new page.
        self.call("Page.navigate", json!({"url": "about:blank"}));
        self.call("Page.navigate", json!({"url": url}));
        self.wait_for("document.documentElement?.dataset.ready !== undefined");
    }

    /// Waits until an expression is true.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, expression: &str) {
        let since = now();
        while self.ask(&format!("Boolean({expression})")) != true {
            let log = self.complaints();
            assert!(now().duration_since(since) < PATIENCE, "never true: {expression}\n{log:#?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The value of an expression in the page.
    #[track_caller]
    pub(crate) fn ask(&mut self, expression: &str) -> Value {
        let params = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let answer = self.call("Runtime.evaluate", params);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// The text of what a selector finds.
    #[track_caller]
    pub(crate) fn text(&mut self, selector: &str) -> String {
        let text = self.ask(&format!("document.querySelector({selector:?})?.innerText ?? null"));
        text.as_str().unwrap_or_else(|| panic!("nothing is {selector}")).replace('\u{a0}', " ")
    }

    /// Clicks in the middle of what a selector finds, as a mouse does.
    #[track_caller]
    pub(crate) fn click(&mut self, selector: &str) {
        let place = self.ask(&format!(
            "(() => {{ const found = document.querySelector({selector:?}); if (!found) return null; \
             found.scrollIntoView({{block: 'center'}}); const at = found.getBoundingClientRect(); \
             return [at.left + at.width / 2, at.top + at.height / 2]; }})()"
        ));
        let (Some(x), Some(y)) = (place[0].as_f64(), place[1].as_f64()) else {
            panic!("nothing is {selector}")
        };
        for kind in ["mousePressed", "mouseReleased"] {
            let params = json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1});
            self.call("Input.dispatchMouseEvent", params);
        }
    }

    /// Presses a key that types nothing, or a letter.
    pub(crate) fn press(&mut self, key: &str) {
        let code = match key {
            "Enter" => 13,
            "Escape" => 27,
            "End" => 35,
            "Home" => 36,
            "ArrowLeft" => 37,
            "ArrowUp" => 38,
            "ArrowRight" => 39,
            "ArrowDown" => 40,
            "Tab" => 9,
            _ => 0,
        };
        let text = match key {
            "Enter" => "\r",
            letter if letter.chars().count() == 1 => letter,
            _ => "",
        };
        let down = json!({"type": "keyDown", "key": key, "windowsVirtualKeyCode": code, "text": text});
        self.call("Input.dispatchKeyEvent", down);
        let up = json!({"type": "keyUp", "key": key, "windowsVirtualKeyCode": code});
        self.call("Input.dispatchKeyEvent", up);
    }

    /// Types a text where the focus is.
    pub(crate) fn type_text(&mut self, text: &str) {
        self.call("Input.insertText", json!({"text": text}));
    }

    /// Makes the window so large.
    pub(crate) fn resize(&mut self, width: u32, height: u32) {
        let params = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        self.call("Emulation.setDeviceMetricsOverride", params);
    }

    /// What the reader's system prefers.
    pub(crate) fn prefer_dark(&mut self, is_dark: bool) {
        let value = if is_dark { "dark" } else { "light" };
        let params = json!({"features": [{"name": "prefers-color-scheme", "value": value}]});
        self.call("Emulation.setEmulatedMedia", params);
    }

    /// Errors and warnings of the page, and whatever it asked the network for.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let complaint = |event: &Value| {
            let params = &event["params"];
            match event["method"].as_str()? {
                "Runtime.exceptionThrown" => Some(params["exceptionDetails"].to_string()),
                "Runtime.consoleAPICalled" => Some(format!("console: {params}")),
                "Log.entryAdded" => Some(format!("log: {}", params["entry"])),
                "Network.requestWillBeSent" => {
                    let url = params["request"]["url"].as_str()?;
                    let is_own = params["type"] == "Document" && url.starts_with("file:")
                        || url == "about:blank"
                        || url.starts_with("data:");
                    (!is_own).then(|| format!("request: {url}"))
                }
                _ => None,
            }
        };
        self.events.iter().filter_map(complaint).collect()
    }

    /// How many seconds the page has kept its main thread busy.
    pub(crate) fn busy(&mut self) -> f64 {
        let metrics = self.call("Performance.getMetrics", json!({}));
        let found = metrics["metrics"].as_array().into_iter().flatten().find(|m| m["name"] == "TaskDuration");
        found.and_then(|metric| metric["value"].as_f64()).expect("TaskDuration")
    }

    /// Keeps a picture of what is seen, where `KEEPSCOPE_SHOTS` names a directory.
    pub(crate) fn shoot(&mut self, name: &str) {
        let Some(directory) = std::env::var_os("KEEPSCOPE_SHOTS") else { return };
        use base64::Engine;
        let picture = self.call("Page.captureScreenshot", json!({"format": "png"}));
        let bytes = base64::prelude::BASE64_STANDARD.decode(picture["data"].as_str().unwrap_or_default());
        let path = PathBuf::from(directory).join(format!("{name}.png"));
        std::fs::write(path, bytes.expect("a picture in base64")).expect("a picture is written");
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // It has nothing to save.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let places: Vec<PathBuf> = std::env::split_paths(&path).collect();
    NAMES.iter().flat_map(|name| places.iter().map(move |place| place.join(name))).find(|file| file.is_file())
}

/// Where it listens, which it says on standard error; `None` if it ends without.
fn address(process: &mut Child) -> Option<String> {
    let mut lines = BufReader::new(process.stderr.take().expect("its standard error")).lines();
    let said = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let at = line.find("ws://")?;
        line.get(at..).map(str::to_owned)
    });
    // What it says later must go somewhere, or it would wait for a reader.
    std::thread::spawn(move || lines.for_each(drop));
    said
}

#[expect(clippy::disallowed_methods, reason = "a browser that hangs must not hang the test")]
fn now() -> Instant {
    Instant::now()
}
