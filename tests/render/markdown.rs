//! The report of `--format markdown`, read back by a parser of GitHub's dialect.

use super::{golden, sample};
use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};
use keepscope::render::markdown::{self, Report};
use keepscope::report::{Capture, Conclusions, Flow, Summary};

fn report(flows: Vec<Flow>, capture: &Capture, conclusions: &Conclusions, singled_out: bool) -> String {
    let mut report = Report::new(markdown::Options { singled_out, ..markdown::Options::default() });
    flows.into_iter().for_each(|flow| report.add(flow));
    let mut out = Vec::new();
    report.write(&mut out, capture, conclusions, &sample::summary()).unwrap();
    String::from_utf8(out).unwrap()
}

fn plain() -> String {
    report(sample::flows(), &sample::capture(), &sample::conclusions(), false)
}

/// What `markdown` is to GitHub, GitLab and their like: whatever extension one of them has is on.
fn parsed<T>(markdown: &str, look: impl for<'a> FnOnce(&'a AstNode<'a>) -> T) -> T {
    let mut options = Options::default();
    let on = &mut options.extension;
    on.strikethrough = true;
    on.table = true;
    on.autolink = true;
    on.tasklist = true;
    on.footnotes = true;
    on.math_dollars = true;
    on.math_code = true;
    on.superscript = true;
    on.subscript = true;
    on.underline = true;
    on.alerts = true;
    on.description_lists = true;
    on.wikilinks_title_after_pipe = true;
    look(parse_document(&Arena::new(), markdown, &options))
}

/// The tree without text and code, and what there is of them; a line end stands between the texts of different nodes.
fn outline(markdown: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    parsed(markdown, |root| {
        let (mut nodes, mut texts, mut codes) = (Vec::new(), Vec::new(), Vec::new());
        for node in root.descendants() {
            match &node.data.borrow().value {
                NodeValue::Text(text) => texts.push(text.to_string()),
                NodeValue::Code(code) => codes.push(code.literal.clone()),
                other => {
                    texts.push("\n".to_owned());
                    let shown = format!("{other:?}");
                    nodes.push(shown.split(['(', ' ', '{']).next().unwrap_or_default().to_owned());
                }
            }
        }
        (nodes, texts, codes)
    })
}

#[test]
fn the_report_is_as_it_was_read() {
    golden("report.md", &plain());
}

#[test]
fn a_single_flow_is_told_in_full() {
    let one = report(vec![sample::timed_out_flow()], &sample::capture(), &sample::conclusions(), true);
    golden("single-flow.md", &one);
}

#[test]
fn a_table_is_a_table() {
    let tables: Vec<Vec<usize>> = parsed(&plain(), |root| {
        let tables =
            root.descendants().filter(|node| matches!(node.data.borrow().value, NodeValue::Table(_)));
        tables.map(|table| table.children().map(|row| row.children().count()).collect()).collect()
    });
    // Paths; and of five ends each a row below the titles.
    assert_eq!(tables, [vec![5; 2], vec![10; 6]]);
}

#[test]
fn what_is_to_be_copied_is_code() {
    let one = report(vec![sample::timed_out_flow()], &sample::capture(), &sample::conclusions(), true);
    let blocks: Vec<(String, String)> = parsed(&one, |root| {
        let block = |node: &AstNode<'_>| match &node.data.borrow().value {
            NodeValue::CodeBlock(block) => Some((block.info.clone(), block.literal.clone())),
            _ => None,
        };
        root.descendants().filter_map(block).collect()
    });
    assert_eq!(blocks.len(), 2);
    assert!(blocks[0].0 == "c" && blocks[0].1.contains("TCP_KEEPIDLE, &(int){2}, sizeof(int));\n"));
    assert!(blocks[1].0 == "sh" && blocks[1].1.starts_with("sysctl -w net.ipv4.tcp_keepalive_time=2\n"));
    let (_, _, codes) = outline(&one);
    assert!(codes.contains(&"10.0.0.1:43198 → 10.0.0.2:443".to_owned()), "{codes:?}");
}

/// What a stranger might write to command a forge, its readers or the browser.
const HOSTILE: [&str; 24] = [
    "<script>alert(1)</script>",
    "<!-- hidden",
    "</td><b>x",
    "@team and me@example.org",
    "#123 owner/repo#4 GH-5 !6 %7 ~bug $8 &9",
    "http://example.org www.example.org ftp://x mailto:a@b.c",
    "[click](http://example.org) ![img](x) [^1] [[wiki]]",
    "`code` ``more ```",
    "**bold** _it_ __u__ ~~gone~~ ^up^",
    "a | b | c",
    "| --- | --- |",
    "$x^2$ $`y`$ $$z$$",
    ":100: :tada: :+1: fe80::100:1",
    "# heading #",
    "> quote",
    "- item",
    "1. item",
    "=====",
    "    indented",
    "trailing \\",
    "&lt;b&gt; &#64;team &commat;team",
    "\u{202e}gnp \u{200b} \u{1b}[31m",
    "two\nlines\r\n\r\n# heading\n```\n",
    "[ ] task : description",
];

#[test]
fn nothing_from_outside_is_markup_a_link_or_a_mention() {
    let strangers_report = |word: &str| {
        let mut capture = sample::capture();
        capture.sources.iter_mut().for_each(|piece| piece.name = word.into());
        capture.warnings = vec![word.into()];
        let mut conclusions = sample::conclusions();
        conclusions.findings[0].finding.text = word.into();
        conclusions.paths[0].candidates = vec![word.into()];
        let mut flow = sample::timed_out_flow();
        flow.findings.iter_mut().for_each(|finding| finding.text = word.into());
        flow.client.settings.as_mut().unwrap().profiles = vec![word.into()];
        [true, false]
            .map(|singled_out| report(vec![flow.clone()], &capture, &conclusions, singled_out))
            .join("\n")
    };
    let (calm, ..) = outline(&strangers_report("word"));
    for word in HOSTILE {
        let markdown = strangers_report(word);
        let (nodes, texts, _) = outline(&markdown);
        assert_eq!(nodes, calm, "{word}:\n{markdown}");
        let text = texts.concat();
        // Parted by what nobody sees, and the forge neither.
        let is_mention = |part: &str| part.starts_with(|c: char| c.is_alphanumeric());
        assert!(!text.split(['@', '#']).skip(1).any(is_mention), "{word}: {text}");
        for link in ["://", "www.", ":100:", ":tada:", "GH-5", "!6", "\u{202e}", "\u{1b}"] {
            assert!(!text.contains(link), "{word}: {link}");
        }
        // And it is all there to be read.
        let shown = text.replace('\u{200b}', "");
        if word.chars().all(|c| !c.is_control() && c != '\u{202e}' && c != '\u{200b}') {
            assert!(shown.contains(word.trim()), "{word}: {shown}");
        }
    }
}

#[test]
fn a_crowd_fits_into_a_ticket() {
    let flows = (0..5_000).map(|index| Flow { index, ..sample::timed_out_flow() }).collect();
    let told = report(flows, &sample::capture(), &sample::conclusions(), false);
    assert!(told.len() < 65_000, "{}", told.len());
    assert!(told.contains("The 200 worst of 5,000 rows.") && told.contains("and 4,997 more flows"));
}

#[test]
fn a_report_about_nothing_is_a_report() {
    let mut out = Vec::new();
    let report = Report::new(markdown::Options::default());
    report.write(&mut out, &Capture::default(), &Conclusions::default(), &Summary::default()).unwrap();
    let told = String::from_utf8(out).unwrap();
    assert!(
        told.starts_with("# TCP keepalive in a capture\n\n0 frames · 0 TCP flows\n\n**There is no"),
        "{told}"
    );
}
