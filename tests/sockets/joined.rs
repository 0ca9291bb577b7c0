//! A capture on the host itself, beside what its kernel says: a firewall of this host shows while it happens, in every output, and after all
//! privileges were given up.

use super::real::in_namespace;
use serde_json::Value;

/// Opens a connection that probes after two seconds, lets a firewall drop what goes out or comes in, and listens to three captures.
const STORY: &str = r#"
import os, shutil, signal, tempfile, threading
chain, direction, wanted = CHAIN
if not shutil.which("nft"):
    print("null")
    sys.exit()
directory = tempfile.mkdtemp()
os.chmod(directory, 0o777)
page = os.path.join(directory, "page.prom")
captures = []
for options in [["--format", "ndjson", "--metrics-file", page], []]:
    capture = subprocess.Popen([sys.argv[1], "-i", "lo", "-v", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    capture.lines = []
    assert "running as" in capture.stderr.readline()
    def listen(capture=capture):
        for line in capture.stdout:
            capture.lines.append(line)
    capture.listener = threading.Thread(target=listen)
    capture.listener.start()
    captures.append(capture)
time.sleep(0.5)
v4 = listener()
client, server = connect(v4, idle=2, interval=1, count=30)
client.send(b"hello")
time.sleep(0.5)
if chain:
    rules = "table inet t { chain c { type filter hook %s priority 0; tcp %s %s drop; }; }" % (chain, direction, port(client))
    subprocess.run(["nft", "-f", "-"], input=rules.encode(), check=True)
until = time.monotonic() + (60 if chain else 9)
has_said = lambda capture: any(word in line for line in list(capture.lines) for word in wanted)
while time.monotonic() < until and not all(has_said(capture) for capture in captures):
    time.sleep(0.1)
live = [list(capture.lines) for capture in captures]
time.sleep(3)
for capture in captures:
    capture.send_signal(signal.SIGINT)
for capture in captures:
    capture.wait()
    capture.listener.join()
print(json.dumps({
    "live": live, "lines": [capture.lines for capture in captures], "stderr": [capture.stderr.read() for capture in captures],
    "codes": [capture.returncode for capture in captures], "port": port(client), "page": open(page).read(),
}))
shutil.rmtree(directory)
"#;

/// What was told.
struct Told {
    all: Value,
    records: Vec<Value>,
    text: Vec<String>,
}

/// Lets happen what `chain` (hook of the firewall, direction of the port in its rule) does, until the `id` is told.
fn told(chain: Option<(&str, &str)>, id: &str, words: &str) -> Option<Told> {
    let (hook, direction) = chain.unwrap_or_default();
    let script = STORY.replace("CHAIN", &format!("({hook:?}, {direction:?}, [{id:?}, {words:?}])"));
    let all = in_namespace(&script)?;
    if all.is_null() {
        eprintln!("skipped: a firewall needs nft");
        return None;
    }
    assert_eq!(all["codes"], serde_json::json!([0, 0]), "{}", all["stderr"]);
    let lines = |at: usize| all["lines"][at].as_array().unwrap().iter().map(|line| line.as_str().unwrap());
    let records = lines(0).map(|line| serde_json::from_str(line).unwrap()).collect();
    let text = lines(1).map(|line| line.trim_end().to_owned()).collect();
    Some(Told { records, text, all })
}

impl Told {
    fn of_type(&self, name: &str) -> Vec<&Value> {
        self.records.iter().filter(|record| record["type"] == name).collect()
    }

    /// Holds that all outputs tell of `id` in these `words`, about the end that has the firewall.
    fn tells(&self, id: &str, words: &str) {
        let all = &self.all;
        let of_live = |at: usize, what: &str| {
            let lines = all["live"][at].as_array().unwrap();
            lines.iter().any(|line| line.as_str().unwrap().contains(what))
        };
        assert!(of_live(0, id) && of_live(1, words), "told while it happens: {:?}", self.text);
        let [record] = self.of_type("finding")[..] else { panic!("told once: {:?}", self.records) };
        let finding = &record["finding"];
        assert_eq!((&finding["id"], &finding["severity"]), (&id.into(), &"problem".into()));
        assert!(!finding["frames"].as_array().unwrap().is_empty() && record["frame"].is_u64(), "{record}");
        let flow = self.of_type("flow").into_iter().find(|flow| flow["index"] == record["index"]).unwrap();
        let side = record["side"].as_str().unwrap();
        assert_eq!(flow["flow_report"][side]["port"].to_string(), all["port"].as_str().unwrap(), "{record}");
        let of_flow = flow["flow_report"]["findings"].as_array().unwrap();
        assert_eq!(of_flow.iter().filter(|finding| finding["id"] == id).count(), 1, "{of_flow:?}");
        let summary = self.of_type("summary")[0];
        assert!(summary["summary"]["findings"]["problem"].as_u64() >= Some(1), "{summary}");

        let end = self.text.iter().position(String::is_empty).unwrap();
        let (stream, report) = self.text.split_at(end);
        let told_before = stream.iter().filter(|line| line.contains(words) && line.contains("problem: "));
        // Once when it happens, once with the flow that is final.
        assert_eq!(told_before.count(), 2, "{stream:?}");
        let report = report.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(report.contains(words), "{report}");

        let page = all["page"].as_str().unwrap();
        let series = format!("keepscope_findings_total{{id=\"{id}\",severity=\"problem\"}} 1");
        assert!(page.lines().any(|line| line == series), "{page}");
    }
}

#[test]
fn probes_that_a_firewall_keeps_in_are_missed_on_the_wire() {
    let words = "of silence, but none of them is on the wire";
    let id = "kernel-probes-not-on-wire";
    let Some(told) = told(Some(("output", "sport")), id, words) else { return };
    told.tells(id, words);
}

#[test]
fn answers_that_a_firewall_keeps_out_are_ignored() {
    let words = "came back to this host, but its kernel holds";
    let id = "kernel-ignores-answers";
    let Some(told) = told(Some(("input", "dport")), id, words) else { return };
    told.tells(id, words);
}

#[test]
fn where_all_is_well_kernel_and_wire_agree() {
    let Some(told) = told(None, "no such finding", "no such finding") else { return };
    assert!(told.of_type("finding").is_empty());
    assert!(!told.of_type("keepalive_answer").is_empty(), "it does probe");
    let all = told.text.join("\n") + &told.records.iter().map(Value::to_string).collect::<String>();
    assert!(!all.contains("kernel-") && !all.contains("its kernel"), "{all}");
}
