//! One flow frame by frame, with the reason for each label, so that a disbeliever can check it.

mod label;
mod reason;

use super::clock::Dial;
use super::figure;
use super::style::{Paint, Tone};
use super::wrap::{Lead, paragraph};
use crate::decode::Flags;
use crate::explain::{Step, Transcript};
use crate::render::schema::WiresharkFilter;
use crate::report::Flow;
use crate::run::MAX_LISTED_FRAMES;
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// Where reasons begin.
const REASON_INDENT: usize = 14;

/// The columns between the frame's number and its label; those of numbers are aligned to the right.
const COLUMNS: [(&str, Align); 5] = [
    ("FROM", Align::Left),
    ("FLAGS", Align::Left),
    ("SEQ", Align::Right),
    ("ACK", Align::Right),
    ("LEN", Align::Right),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Align {
    Left,
    Right,
}

/// Writes what happened to `flow`. `one_file`: frames have the same numbers in Wireshark as here.
pub(super) fn write(
    out: &mut impl Write,
    flow: &Flow,
    transcript: &Transcript,
    dial: &Dial,
    paint: Paint,
    one_file: bool,
) -> io::Result<()> {
    let heading = format!("flow {}, frame by frame", flow.index);
    writeln!(out, "\n{}", paint.tone(Tone::Title, heading))?;
    filters(out, flow, transcript, paint, one_file)?;
    let sheet = Sheet::new(transcript, dial, paint);
    writeln!(out, "\n{}", paint.tone(Tone::Title, sheet.titles()))?;
    let (first, left_out, last) = transcript.parts();
    first.iter().try_for_each(|step| sheet.step(out, step))?;
    if left_out > 0 {
        let words = format!("  … {} are left out here", figure::counted(left_out, "frame"));
        writeln!(out, "{}", paint.tone(Tone::Faint, words))?;
    }
    for step in last {
        sheet.step(out, step)?;
    }
    Ok(())
}

/// The display filters that show the flow, and the frames worth a look, in Wireshark.
fn filters(
    out: &mut impl Write,
    flow: &Flow,
    transcript: &Transcript,
    paint: Paint,
    one_file: bool,
) -> io::Result<()> {
    let lead = |title: &str| format!("  {}  ", paint.tone(Tone::Faint, title));
    let width = "  in Wireshark  ".len();
    let filter = WiresharkFilter::of(&flow.tuple).to_string();
    paragraph(out, Lead { text: &lead("in Wireshark"), width }, &filter, width)?;
    if !one_file {
        return writeln!(out, "  frames are counted through all files, from 1");
    }
    let frames: Vec<_> =
        transcript.steps().filter(|step| !step.labels.is_empty()).map(|step| step.frame).collect();
    if frames.is_empty() {
        return Ok(());
    }
    let listed: Vec<String> = frames.iter().take(MAX_LISTED_FRAMES).map(ToString::to_string).collect();
    let more = frames.len().saturating_sub(listed.len());
    let more = if more > 0 {
        format!(" (and {})", figure::counted(more as u64, "more frame"))
    } else {
        String::new()
    };
    let filter = format!("frame.number in {{{}}}{more}", listed.join(", "));
    paragraph(out, Lead { text: &lead("            "), width }, &filter, width)
}

/// The table of a flow's frames.
struct Sheet<'a> {
    transcript: &'a Transcript,
    dial: &'a Dial,
    paint: Paint,
    frame: usize,
    columns: [usize; COLUMNS.len()],
}

impl<'a> Sheet<'a> {
    fn new(transcript: &'a Transcript, dial: &'a Dial, paint: Paint) -> Self {
        let mut frame = "FRAME".len();
        let mut columns = COLUMNS.map(|(title, _)| title.width());
        for step in transcript.steps() {
            frame = frame.max(step.frame.to_string().len() + 1);
            for (width, cell) in columns.iter_mut().zip(cells(step, transcript)) {
                *width = cell.width().max(*width);
            }
        }
        Self { transcript, dial, paint, frame, columns }
    }

    fn titles(&self) -> String {
        self.line("TIME", "FRAME", &COLUMNS.map(|(title, _)| title.to_owned())) + "LABEL"
    }

    fn line(&self, time: &str, frame: &str, cells: &[String; COLUMNS.len()]) -> String {
        let mut line = format!("  {time:>0$}  {frame:>1$}", self.dial.width(), self.frame);
        for ((cell, width), (_, align)) in cells.iter().zip(self.columns).zip(COLUMNS) {
            let pad = " ".repeat(width.saturating_sub(cell.width()));
            line += "  ";
            line += &if align == Align::Left { format!("{cell}{pad}") } else { format!("{pad}{cell}") };
        }
        line + "  "
    }

    fn step(&self, out: &mut impl Write, step: &Step) -> io::Result<()> {
        let cells = cells(step, self.transcript);
        let line = self.line(&self.dial.tell(step.time), &format!("#{}", step.frame), &cells);
        let (label, tone) = label::of(step);
        if line.width() + label.width() <= super::WIDTH {
            writeln!(out, "{line}{}", self.paint.tone(tone, label))?;
        } else {
            writeln!(out, "{}", line.trim_end())?;
            writeln!(out, "{}{}", " ".repeat(REASON_INDENT), self.paint.tone(tone, label))?;
        }
        for reason in reason::of(step, self.transcript) {
            let lead = Lead { text: &" ".repeat(REASON_INDENT), width: REASON_INDENT };
            paragraph(out, lead, &reason, REASON_INDENT + 2)?;
        }
        Ok(())
    }
}

fn cells(step: &Step, transcript: &Transcript) -> [String; COLUMNS.len()] {
    let from = step.side.name().to_owned();
    let Some(seg) = &step.seg else { return ["", "", "", "", ""].map(String::from) };
    let ack = seg.ack.map_or_else(String::new, |ack| transcript.relative(!step.side, ack).to_string());
    let seq = transcript.relative(step.side, seg.seq).to_string();
    [from, flags(seg.flags), seq, ack, seg.payload_len.to_string()]
}

/// The control bits as other tools name them.
fn flags(flags: Flags) -> String {
    const NAMES: [(u8, &str); 6] = [
        (Flags::FIN, "FIN"),
        (Flags::SYN, "SYN"),
        (Flags::RST, "RST"),
        (Flags::PSH, "PSH"),
        (Flags::ACK, "ACK"),
        (Flags::URG, "URG"),
    ];
    let set: Vec<&str> = NAMES.into_iter().filter(|(bit, _)| flags.any(*bit)).map(|(_, name)| name).collect();
    set.join(" ")
}
