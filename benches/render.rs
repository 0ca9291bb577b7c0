//! How long a flow and an event take to be written.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use keepscope::analyzer::Output;
use keepscope::render::{Pieces, json, ndjson};
use keepscope::report::Conclusions;
use std::hint::black_box;
use std::io::BufWriter;

#[path = "../tests/render/sample.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod sample;

const FLOWS: u64 = 1_000;

fn flows(c: &mut Criterion) {
    let (capture, summary) = (sample::capture(), sample::summary());
    let mut group = c.benchmark_group("json");
    group.throughput(Throughput::Elements(FLOWS));
    for (name, flow) in [
        ("flow without probes", sample::quiet_flow(0, "10.20.30.40:43198", "192.168.100.2:443")),
        ("flow with three runs", sample::timed_out_flow()),
    ] {
        let clone_only = format!("{name} (its clone alone)");
        group.bench_function(name, |b| {
            b.iter(|| {
                let mut out = BufWriter::new(std::io::sink());
                let mut document = json::Document::begin(&mut out, &capture, false)?;
                (0..FLOWS).try_for_each(|_| document.flow(&flow.clone()))?;
                document.end(&Conclusions::default(), &summary)
            });
        });
        group.bench_function(clone_only, |b| {
            b.iter(|| (0..FLOWS).for_each(|_| drop(black_box(flow.clone()))));
        });
    }
    group.finish();
}

fn events(c: &mut Criterion) {
    let outputs: Vec<Output> = sample::events().into_iter().map(Output::Event).collect();
    let mut group = c.benchmark_group("ndjson");
    group.throughput(Throughput::Elements(outputs.len() as u64));
    group.bench_function("one event of each kind", |b| {
        b.iter(|| {
            let mut out = BufWriter::new(std::io::sink());
            outputs.iter().try_for_each(|output| ndjson::write(&mut out, output, Pieces::SINGLE))
        });
    });
    group.finish();
}

criterion_group!(benches, flows, events);
criterion_main!(benches);
