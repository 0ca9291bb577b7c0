//! What differs from run to run, masked so that a person still recognises the screen: figures are `N`, bars and lines of round trips `▒`.

/// What bars and lines of round trips are made of.
const DRAWN: &str = "▏▎▍▌▋▊▉█▁▂▃▄▅▆▇·×";

/// How much of a sentence that had no room is compared: where it breaks off depends on the figures in it.
const FIRST_WORDS: usize = 8;

/// `screen` with everything masked that depends on the moment.
pub(crate) fn masked(screen: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut has_table = false;
    for line in screen.lines() {
        // What had no room in a line goes on in the next, and figures decide how much had room.
        let is_head = !has_table && !line.starts_with('─');
        has_table |= line.starts_with('─');
        let goes_on = !line.trim().is_empty() && (line.starts_with("   ") && !line.trim().starts_with('#'));
        match lines.last_mut() {
            Some(last) if is_head && !line.is_empty() => *last += &format!(" · {line}"),
            Some(last) if goes_on && is_sentence(last) => *last += &format!(" {}", line.trim()),
            _ => lines.push(line.to_owned()),
        }
    }
    lines.iter().map(|line| masked_line(line) + "\n").collect()
}

/// Whether a line is one of the log: it begins with a time.
fn is_sentence(line: &str) -> bool {
    line.trim_start().split(':').next().is_some_and(|hours| hours.parse::<u32>().is_ok())
}

fn masked_line(line: &str) -> String {
    let indent = if line.starts_with(' ') { " " } else { "" };
    if line.starts_with('─') || line.contains("──") {
        // The rule goes on to the edge.
        let words = line.trim_end_matches('─').trim_end();
        return words.split(' ').map(figures).collect::<Vec<_>>().join(" ");
    }
    // A timer that is due has no time left, and how well the settings fit depends on how punctual the machine was.
    let line = line.replace("keepalive due now,", "keepalive 0s left,").replace(" (likely)", "");
    let mut words: Vec<String> = Vec::new();
    let mut is_after_bar = false;
    for word in line.split_whitespace() {
        let is_drawn = word.chars().all(|c| DRAWN.contains(c)) && word != "·";
        // The next probe is due in some time, or now, or was.
        let is_due = is_after_bar && word.starts_with(|c: char| c.is_ascii_digit() || c == '+');
        is_after_bar = is_drawn || word == "late";
        words.push(match figures(word).as_str() {
            _ if is_after_bar => "▒".to_owned(),
            _ if is_due => "N".to_owned(),
            "Ns" | "now" => "N".to_owned(),
            "Ns," | "now," => "N,".to_owned(),
            masked => masked.to_owned(),
        });
    }
    if line.ends_with('…') {
        words.truncate(FIRST_WORDS);
        words.push("…".to_owned());
    }
    indent.to_owned() + &words.join(" ")
}

/// `word` with its figures masked, unless it is an address.
fn figures(word: &str) -> String {
    if word.contains("127.0.0.") {
        return word.to_owned();
    }
    let mut masked = String::new();
    for c in word.trim_start_matches('~').chars() {
        let goes_on = masked.ends_with('N');
        match c {
            '0'..='9' if goes_on => {}
            '0'..='9' => masked.push('N'),
            '.' | ',' if goes_on => {}
            'µ' | 'm' if goes_on && word.ends_with("µs") | word.ends_with("ms") => {}
            _ => masked.push(c),
        }
    }
    match masked.as_str() {
        "µs" | "ms" => "s".to_owned(),
        _ => masked,
    }
}

#[test]
fn figures_go_and_words_stay() {
    let line = "!! 3 127.0.0.1 → 127.0.0.2:443  ~4.10s  —  ≥ 4 ▊····  0.2s 14.7µs ▃█×× 4 unanswered";
    let wanted = "!! N 127.0.0.1 → 127.0.0.2:443 N — ≥ N ▒ N N ▒ N unanswered";
    assert_eq!(masked_line(line), wanted);
    assert_eq!(masked_line("late +4.1s now, 3 unans █ answered"), "▒ N N, N unans ▒ answered");
    assert_eq!(masked_line("▏···· now answered"), "▒ N answered");
    assert_eq!(masked("a 1 s\nb 2\n─ c ───\n"), "a N s · b N\n─ c\n");
    let log = "0:00:12  info  flow 0: a long sentence that\n                  goes on\n";
    assert_eq!(masked(&format!("─\n{log}")), "\nN:N:N info flow N: a long sentence that goes on\n");
}
