//! Families of metrics whose series are all there from the start.
//!
//! A series that appears only when something is first counted hides just that from `rate` and `increase`, which need a zero to begin from.
//! And a family that has no way to add a series cannot be made to grow by what comes over the network.

use prometheus_client::encoding::{EncodeMetric, MetricEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::{MetricType, TypedMetric};
use std::fmt::{self, Debug};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A label: its name and its value, both words of this program.
pub(super) type Label = (&'static str, &'static str);

/// What tells the series of a family apart: one of an enumeration.
pub(super) trait Key: Copy + PartialEq + Debug + Send + Sync + 'static {
    /// How it is written.
    fn labels(self) -> Vec<Label>;
}

impl<A: Key, B: Key> Key for (A, B) {
    fn labels(self) -> Vec<Label> {
        let (first, second) = self;
        [first.labels(), second.labels()].concat()
    }
}

#[derive(Debug)]
struct Row<K, M> {
    key: K,
    labels: Vec<Label>,
    metric: M,
}

/// A metric for each of some keys, written in their order. A clone is the same table.
#[derive(Debug)]
pub(super) struct Table<K, M> {
    rows: Arc<[Row<K, M>]>,
}

impl<K, M> Clone for Table<K, M> {
    fn clone(&self) -> Self {
        Self { rows: Arc::clone(&self.rows) }
    }
}

impl<K: Key, M> Table<K, M> {
    /// A `metric` for each of `keys`.
    pub(super) fn new(keys: impl IntoIterator<Item = K>, metric: impl Fn() -> M) -> Self {
        let row = |key: K| Row { key, labels: key.labels(), metric: metric() };
        Self { rows: keys.into_iter().map(row).collect() }
    }

    /// The metric of `key`; none where there is no such row.
    fn get(&self, key: K) -> Option<&M> {
        self.rows.iter().find(|row| row.key == key).map(|row| &row.metric)
    }
}

impl<K: Key> Table<K, Counter> {
    /// Adds `by` to what is counted for `key`.
    pub(super) fn count(&self, key: K, by: u64) {
        if let Some(counter) = self.get(key) {
            counter.inc_by(by);
        }
    }

    /// Takes over what others have counted for `key` so far.
    pub(super) fn raise(&self, key: K, to: u64) {
        if let Some(counter) = self.get(key) {
            raise(counter, to);
        }
    }
}

impl<K: Key> Table<K, Gauge> {
    /// Sets what there is of `key` now.
    pub(super) fn set(&self, key: K, now: u64) {
        if let Some(gauge) = self.get(key) {
            gauge.set(now.try_into().unwrap_or(i64::MAX));
        }
    }
}

impl<K: Key> Table<K, Histogram> {
    /// Takes a sample of `key`.
    pub(super) fn observe(&self, key: K, sample: f64) {
        if let Some(histogram) = self.get(key) {
            histogram.observe(sample);
        }
    }
}

impl<K: Key, M: EncodeMetric + TypedMetric> EncodeMetric for Table<K, M> {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        for row in self.rows.iter() {
            row.metric.encode(encoder.encode_family(&row.labels)?)?;
        }
        Ok(())
    }

    fn metric_type(&self) -> MetricType {
        M::TYPE
    }
}

impl<K, M: TypedMetric> TypedMetric for Table<K, M> {
    const TYPE: MetricType = M::TYPE;
}

/// Takes over what others have counted so far. A counter never falls, whatever they say.
pub(super) fn raise(counter: &Counter, to: u64) {
    counter.inner().fetch_max(to, Ordering::Relaxed);
}

/// A metric that is left out until it is known: nothing is not zero. A clone is the same metric.
#[derive(Clone, Debug, Default)]
pub(super) struct Known<M> {
    metric: M,
    is_known: Arc<AtomicBool>,
}

impl<M> Known<M> {
    /// Not known yet.
    pub(super) fn not_yet(metric: M) -> Self {
        Self { metric, is_known: Arc::default() }
    }

    /// The metric, which is known from now on.
    pub(super) fn known(&self) -> &M {
        self.is_known.store(true, Ordering::Relaxed);
        &self.metric
    }

    /// It is not known any more.
    pub(super) fn forget(&self) {
        self.is_known.store(false, Ordering::Relaxed);
    }
}

impl<M: EncodeMetric + TypedMetric> EncodeMetric for Known<M> {
    fn encode(&self, encoder: MetricEncoder<'_>) -> fmt::Result {
        self.metric.encode(encoder)
    }

    fn metric_type(&self) -> MetricType {
        M::TYPE
    }

    fn is_empty(&self) -> bool {
        !self.is_known.load(Ordering::Relaxed)
    }
}
