//! Real sockets of this kernel, in a network namespace that goes away with the process that made it.
//!
//! A Python script opens them with known options and runs the commands; it needs root, `unshare`, `ip`, `ss` and Python.

use keepscope::flow::Side;
use keepscope::sockets::compare;
use keepscope::time::Timestamp;
use serde_json::Value;
use std::collections::HashMap;
use std::process::Command;

/// What every script begins with: a loopback interface, connections, options, commands.
const PRELUDE: &str = r#"
import json, resource, socket, subprocess, sys, time

def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout.decode()

def sockets(*options):
    return json.loads(run(sys.argv[1], "sockets", "--format", "json", *options))

def listener(address="127.0.0.1"):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family)
    listener.bind((address, 0))
    listener.listen(4096)
    return listener

def connect(listener, idle=None, interval=75, count=9):
    client = socket.create_connection(listener.getsockname()[:2])
    server, _ = listener.accept()
    if idle:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, idle)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, interval)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, count)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return client, server

def port(client):
    return str(client.getsockname()[1])

run("ip", "link", "set", "lo", "up")
"#;

/// Runs `script` in a namespace of its own, and reads the JSON it prints. `None`, and it is said, where that is impossible.
pub(crate) fn in_namespace(script: &str) -> Option<Value> {
    let tries = [("unshare", "--net"), ("ip", "-V"), ("ss", "-V"), ("python3", "--version")];
    for (tool, option) in tries {
        let mut command = Command::new(tool);
        command.arg(option);
        if tool == "unshare" {
            command.arg("true");
        }
        if !command.output().is_ok_and(|output| output.status.success()) {
            eprintln!("skipped: real sockets need root and {tool}");
            return None;
        }
    }
    let output = Command::new("unshare")
        .args(["--net", "python3", "-c", &(PRELUDE.to_owned() + script), env!("CARGO_BIN_EXE_keepscope")])
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    Some(serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {complaint}")))
}

fn by_port(document: &Value) -> HashMap<String, &Value> {
    let sockets = document["sockets"].as_array().unwrap();
    sockets.iter().map(|socket| (socket["local"]["port"].to_string(), socket)).collect()
}

#[test]
fn what_was_asked_for_is_what_is_listed() {
    let script = r#"
import os
v4, v6 = listener(), listener("::1")
none, on, six = connect(v4), connect(v4, idle=600), connect(v6, idle=60)
stuck = connect(v4, idle=60)
stuck[0].setblocking(False)
try:
    while True:
        stuck[0].send(b"x" * 65536)
except BlockingIOError:
    pass
time.sleep(1)
run("sysctl", "-q", "-w", "net.ipv4.tcp_keepalive_time=1234") if os.path.exists("/sbin/sysctl") else open("/proc/sys/net/ipv4/tcp_keepalive_time", "w").write("1234")
print(json.dumps({
    "ports": {"none": port(none[0]), "on": port(on[0]), "six": port(six[0]), "stuck": port(stuck[0])},
    "pid": os.getpid(), "document": sockets(), "text": run(sys.argv[1], "sockets", "--color", "never"),
    "none": sockets("--none"), "one": sockets("--port", port(on[0])), "mine": sockets("-p", str(os.getpid())),
    "nobody": sockets("-p", "no such process"),
}))
"#;
    let Some(all) = in_namespace(script) else { return };
    let port = |name: &str| all["ports"][name].as_str().unwrap().to_owned();
    let document = &all["document"];
    let sockets = by_port(document);
    assert_eq!(document["defaults"]["idle_s"], 1234.0);
    assert_eq!(sockets[&port("none")]["keepalive"], "none");
    let on = sockets[&port("on")];
    assert_eq!((&on["keepalive"], &on["unanswered"]), (&"on".into(), &0.into()));
    let left = on["timer"]["left_s"].as_f64().unwrap();
    assert!(left < 600.0 && left > 540.0, "{left}");
    assert_eq!(on["processes"][0]["pid"], all["pid"]);
    assert_eq!(on["processes"][0]["name"], "python3");
    assert_eq!(
        (&sockets[&port("six")]["family"], &sockets[&port("six")]["keepalive"]),
        (&"ipv6".into(), &"on".into())
    );
    let stuck = sockets[&port("stuck")];
    assert_eq!((&stuck["keepalive"], &stuck["unanswered"]), (&"hidden".into(), &Value::Null), "{stuck}");
    let count = |what: &str| all[what]["sockets"].as_array().unwrap().len();
    // The other ends ask for nothing.
    assert_eq!((count("document"), count("none"), count("mine"), count("nobody")), (8, 5, 8, 0));
    assert_eq!(count("one"), 2, "both ends have that port");
    let text = all["text"].as_str().unwrap();
    assert!(text.starts_with("8 sockets: 2 keepalive, 5 none, 1 hidden behind "), "{text}");
}

/// Settings from the timer alone: alive and dead peers, and probes that do not leave the host.
#[test]
fn watching_tells_the_settings() {
    let script = r#"
v4 = listener()
alive, dying = connect(v4, idle=3, interval=1, count=3), connect(v4, idle=4, interval=2, count=2)
watched = sockets("--watch", "7")
print(json.dumps({"ports": [port(alive[0]), port(dying[0])], "alive": watched}), end="")
"#;
    let Some(all) = in_namespace(script) else { return };
    let port = |at: usize| all["ports"][at].as_str().unwrap().to_owned();
    let sockets = by_port(&all["alive"]);
    for (at, idle, interval) in [(0, 3.0, 1.0), (1, 4.0, 2.0)] {
        let settings = &sockets[&port(at)]["settings"];
        // A machine that was busy for seconds may have missed a probe: then nothing is said, and nothing wrong.
        for (name, truth) in [("idle_s", idle), ("interval_s", interval)] {
            let setting = &settings[name];
            if setting.is_null() {
                eprintln!("skipped: the machine was too busy to see the {name} of {settings}");
                continue;
            }
            assert!(
                setting["low"].as_f64() <= Some(truth) && Some(truth) <= setting["high"].as_f64(),
                "{settings}"
            );
        }
        assert_eq!(settings["idle_s"]["nearest"], idle, "{settings}");
    }
}

#[test]
fn a_peer_that_vanishes_shows_interval_and_count() {
    let script = r#"
v4 = listener()
client, server = connect(v4, idle=2, interval=1, count=3)
watcher = subprocess.Popen([sys.argv[1], "sockets", "--format", "json", "--watch", "12"], stdout=subprocess.PIPE)
time.sleep(1)
run("ip", "link", "set", "lo", "down")
print(json.dumps({"port": port(client), "watched": json.loads(watcher.communicate()[0])}))
"#;
    let Some(all) = in_namespace(script) else { return };
    let sockets = by_port(&all["watched"]);
    let gone = sockets[all["port"].as_str().unwrap()];
    assert_eq!(gone["gone"], true, "{gone}");
    assert_eq!(gone["settings"]["count"]["value"], 3, "{gone}");
    assert_eq!(gone["processes"][0]["name"], "python3", "its owner was asked for while it was there");
    let interval = &gone["settings"]["interval_s"];
    assert!(interval.is_null() || interval["nearest"] == 1.0, "{gone}");
}

/// The same timers within a second, and the same counters.
#[test]
fn a_thousand_sockets_are_as_ss_tells() {
    let script = r#"
import re
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
v4, v6 = listener(), listener("::1")
held = [connect(v6 if n % 5 == 0 else v4, idle=[None, 3, 60, 7200][n % 4], interval=2) for n in range(500)]
time.sleep(2)
run("ip", "link", "set", "lo", "down")
time.sleep(4)
before = time.monotonic()
ours = sockets()
theirs = run("ss", "-Htno")
print(json.dumps({"ours": ours, "ss": theirs, "apart": time.monotonic() - before}))
"#;
    let Some(all) = in_namespace(script) else { return };
    let apart = all["apart"].as_f64().unwrap();
    let sockets = by_port_pair(&all["ours"]);
    let theirs = all["ss"].as_str().unwrap();
    assert_eq!((sockets.len(), theirs.lines().count()), (1000, 1000));
    let mut compared = [0; 3];
    for line in theirs.lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let ours = sockets[&(port_of(fields[3]), port_of(fields[4]))];
        let Some(timer) = fields.get(5).filter(|field| field.starts_with("timer:")) else {
            assert_eq!(ours["ss"], "", "{line}");
            compared[0] += 1;
            continue;
        };
        let parts: Vec<&str> = timer.trim_start_matches("timer:(").trim_end_matches(')').split(',').collect();
        let [_, left, count] = parts[..] else { panic!("{line}") };
        let name = ours["ss"].as_str().unwrap().trim_start_matches("timer:(").split(',').next();
        assert_eq!(name, Some(parts[0]), "{line}");
        let was_due = ours["timer"]["left_s"].as_f64().unwrap() < apart + 1.0;
        // What came due between the two looks was armed anew.
        if was_due {
            compared[1] += 1;
            continue;
        }
        assert_eq!(ours["timer"]["count"].to_string(), count, "{line}");
        let (shortest, longest) = seconds_of(left);
        let ours = ours["timer"]["left_s"].as_f64().unwrap();
        assert!(shortest <= ours + 1.0 && ours - apart - 1.0 <= longest, "{ours} s, {apart} s before {line}");
        compared[2] += 1;
    }
    assert!(compared[0] >= 500 && compared[2] >= 250, "{compared:?}");
}

fn by_port_pair(document: &Value) -> HashMap<(String, String), &Value> {
    let sockets = document["sockets"].as_array().unwrap();
    let ports = |socket: &Value| (socket["local"]["port"].to_string(), socket["peer"]["port"].to_string());
    sockets.iter().map(|socket| (ports(socket), socket)).collect()
}

fn port_of(end: &str) -> String {
    end.rsplit(':').next().unwrap().to_owned()
}

/// The shortest and the longest time that `ss` may mean by `119min`, `1min12sec`, `52sec`, `2.340ms` (seconds) or `340ms`.
fn seconds_of(text: &str) -> (f64, f64) {
    let (minutes, rest) = text.split_once("min").unwrap_or(("0", text));
    let minutes = minutes.parse::<f64>().unwrap() * 60.0;
    let rest = match rest {
        "" if text.contains("min") => return (minutes, minutes + 60.0),
        "" => return (0.0, 0.0),
        rest => rest,
    };
    if let Some(seconds) = rest.strip_suffix("sec") {
        let seconds = minutes + seconds.parse::<f64>().unwrap();
        return (seconds, seconds + 1.0);
    }
    let ms = rest.strip_suffix("ms").unwrap();
    let seconds =
        if ms.contains('.') { ms.parse::<f64>().unwrap() } else { ms.parse::<f64>().unwrap() / 1e3 };
    (seconds, seconds)
}

#[test]
fn words_that_cannot_be_are_refused() {
    for arguments in
        [&["sockets", "--watch", "0"][..], &["sockets", "--port", "65536"], &["sockets", "a.pcap"]]
    {
        let output = Command::new(env!("CARGO_BIN_EXE_keepscope")).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty());
    }
}

/// A firewall on the host itself, on its way out or in: what kernel and capture say of the same connection at the same moment.
#[test]
fn a_firewall_of_the_host_shows_as_a_disagreement() {
    let script = r#"
import atexit, os, shutil, tempfile
if not (shutil.which("nft") and shutil.which("tcpdump")):
    print("null")
    sys.exit()
def story(chain, direction):
    v4 = listener()
    client, server = connect(v4, idle=2, interval=1, count=20)
    pcap = tempfile.mktemp(suffix=".pcap")
    dump = subprocess.Popen(["tcpdump", "-i", "lo", "-U", "-w", pcap, "tcp port " + port(client)],
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    atexit.register(dump.kill)
    dump.stderr.readline()
    time.sleep(1)
    client.send(b"hello")
    time.sleep(0.5)
    if chain:
        rules = "table inet t { chain c { type filter hook %s priority 0; tcp %s %s drop; }; }" % (chain, direction, port(client))
        subprocess.run(["nft", "-f", "-"], input=rules.encode(), check=True)
    time.sleep(7)
    document, now = sockets(), time.time()
    time.sleep(0.5)
    dump.terminate()
    dump.wait()
    if chain:
        run("nft", "delete", "table", "inet", "t")
    capture = open(pcap, "rb").read().hex()
    os.unlink(pcap)
    return {"document": document, "port": port(client), "now": now, "capture": capture}
"#;
    let stories = [
        ("\"output\", \"sport\"", Some("kernel-probes-not-on-wire")),
        ("\"input\", \"dport\"", Some("kernel-ignores-answers")),
        ("None, None", None),
    ];
    // Each waits for the kernel's timers, in a namespace of its own: at once.
    let told = stories.map(|(story, expected)| {
        let script = format!("{script}print(json.dumps(story({story})))");
        (story, expected, std::thread::spawn(move || in_namespace(&script)))
    });
    for (story, expected, told) in told {
        let Some(told) = told.join().unwrap() else {
            return eprintln!("skipped: a firewall needs a namespace");
        };
        if told.is_null() {
            return eprintln!("skipped: a firewall needs nft, and a capture tcpdump");
        }
        assert_eq!(finding(&told), expected, "{story}");
    }
}

/// What `compare` finds in a story's capture and table.
fn finding(story: &Value) -> Option<&'static str> {
    let by_port = by_port(&story["document"]);
    let told = by_port[story["port"].as_str().unwrap()];
    let ms = |value: &Value| (value.as_f64().unwrap() * 1e3) as i64;
    let unanswered = told["unanswered"].as_u64().unwrap() as u8;
    let socket = super::keepalive_socket(ms(&told["timer"]["left_s"]), unanswered, ms(&told["quiet_s"]));
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("lo.pcap");
    let digits = story["capture"].as_str().unwrap().as_bytes().chunks(2);
    let octets = digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap());
    std::fs::write(&path, octets.collect::<Vec<_>>()).unwrap();
    let mut source = keepscope::source::file::open(&[path], None).unwrap();
    let flows = super::compare::open_flows(&mut source);
    let [flow] = &flows[..] else { panic!("{} flows", flows.len()) };
    let now = Timestamp((story["now"].as_f64().unwrap() * 1e9) as i64);
    // The capture began after the handshake: the client may be told from the port only.
    let is_client = story["port"].as_str() == Some(&flow.tuple.src_port.to_string());
    let client = if is_client { Side::Client } else { Side::Server };
    compare(flow, client, &socket, now).map(|found| found.finding(client, &socket).id)
}
