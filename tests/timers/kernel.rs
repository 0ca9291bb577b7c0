//! Linux' keepalive timer on its wheel, as far as a capture can see it: `tcp_keepalive_timer` (net/ipv4/tcp_timer.c) and `calc_index`
//! (kernel/time/timer.c), reckoned in jiffies.

/// Nanoseconds in a second.
const SECOND: i64 = 1_000_000_000;

/// What a prober is set to, and where it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene {
    pub(crate) hz: i64,
    /// TCP_KEEPIDLE and TCP_KEEPINTVL, in seconds.
    pub(crate) idle: i64,
    pub(crate) interval: i64,
    pub(crate) count: u64,
    pub(crate) user_timeout_ms: Option<i64>,
    /// From prober to peer and back, in nanoseconds.
    pub(crate) rtt: i64,
    /// How far the capture point is from the prober, in percent of the way.
    pub(crate) away: i64,
    /// How many probes are answered before the peer falls silent; `None`: all of as many as are looked at.
    pub(crate) answered: Option<u64>,
    /// The peer sends data so long after an answer, in nanoseconds, once.
    pub(crate) data_after: Option<i64>,
    /// The capture begins after so many answers; `None`: with the connection.
    pub(crate) begins_after: Option<u64>,
    /// Whether both ends send time stamps.
    pub(crate) timestamps: bool,
    /// When the connection begins, in nanoseconds of the prober's clock: the phase of its jiffies.
    pub(crate) phase: i64,
    pub(crate) seed: u64,
}

/// A segment as the capture sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    Syn,
    SynAck,
    HandshakeAck,
    Probe,
    Answer,
    Data,
    DataAck,
    Reset,
}

/// A number that looks random, for a seed.
pub(crate) const fn mix(seed: u64) -> u64 {
    let mut x = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// When a timer armed at `now` for `delay` fires, all in jiffies.
pub(crate) fn fires_at(now: i64, delay: i64) -> i64 {
    let mut level = 0;
    while delay >= 63 << (3 * level) {
        level += 1;
    }
    (((now + delay) >> (3 * level)) + 1) << (3 * level)
}

/// A prober at work.
struct Prober {
    scene: Scene,
    seed: u64,
    seen: Vec<(i64, Seen)>,
}

impl Prober {
    fn jiffy(&self, at: i64) -> i64 {
        (i128::from(at) * i128::from(self.scene.hz) / i128::from(SECOND)) as i64
    }

    /// The moment a jiffy begins, and what an interrupt takes.
    fn moment(&mut self, jiffy: i64) -> i64 {
        let hz = i128::from(self.scene.hz);
        let start = (i128::from(jiffy) * i128::from(SECOND) + hz - 1) / hz;
        start as i64 + self.random(300_000)
    }

    fn random(&mut self, below: i64) -> i64 {
        self.seed = mix(self.seed);
        (self.seed % below.max(1) as u64) as i64
    }

    /// The way between prober and capture point: it comes and goes by a fiftieth.
    fn way(&mut self) -> i64 {
        let way = self.scene.rtt / 2 * self.scene.away / 100;
        way + self.random(way / 50)
    }

    /// From the capture point to the peer and back, and what the peer takes to answer.
    fn beyond(&mut self) -> i64 {
        let beyond = self.scene.rtt * (100 - self.scene.away) / 100;
        beyond + self.random(beyond / 50) + 15_000
    }

    /// A segment that leaves the prober; says when it passes the capture point.
    fn leaves(&mut self, at: i64, what: Seen) -> i64 {
        let at = at + self.way();
        self.seen.push((at, what));
        at
    }

    /// A segment that passes the capture point on its way to the prober; says when it arrives.
    fn passes(&mut self, at: i64, what: Seen) -> i64 {
        self.seen.push((at, what));
        at + self.way()
    }
}

/// What the capture sees of a prober, in its order. `probes`: when to stop looking.
pub(crate) fn watch(scene: Scene, probes: u64) -> Vec<(i64, Seen)> {
    let mut prober = Prober { scene, seed: scene.seed, seen: Vec::new() };
    let start = scene.phase;
    let captured = prober.leaves(start, Seen::Syn) + prober.beyond();
    let mut heard = prober.passes(captured, Seen::SynAck);
    let connected = heard + 20_000;
    prober.leaves(connected, Seen::HandshakeAck);

    let (idle, interval) = (scene.idle * scene.hz, scene.interval * scene.hz);
    let mut timer = fires_at(prober.jiffy(connected), idle);
    let (mut sent, mut unanswered) = (0, 0);
    let mut data = scene.data_after;
    let mut pending: Vec<(i64, Seen)> = Vec::new();
    while sent < probes {
        let now = prober.moment(timer);
        // What arrived meanwhile.
        pending.sort_unstable_by_key(|(at, _)| *at);
        while let Some((at, what)) = pending.first().copied().filter(|(at, _)| *at <= now) {
            pending.remove(0);
            heard = at;
            unanswered = 0;
            if what == Seen::Data {
                prober.leaves(at + 30_000, Seen::DataAck);
            }
        }
        let elapsed = timer - prober.jiffy(heard);
        if elapsed < idle {
            timer = fires_at(timer, idle - elapsed);
            continue;
        }
        let gives_up = match scene.user_timeout_ms {
            Some(ms) => unanswered > 0 && elapsed * 1000 >= ms * scene.hz,
            None => unanswered >= scene.count,
        };
        if gives_up {
            prober.leaves(now, Seen::Reset);
            break;
        }
        let captured = prober.leaves(now, Seen::Probe);
        (sent, unanswered) = (sent + 1, unanswered + 1);
        if scene.answered.is_none_or(|answered| sent <= answered) {
            let captured = captured + prober.beyond();
            pending.push((prober.passes(captured, Seen::Answer), Seen::Answer));
            if sent == 2
                && let Some(after) = data.take()
            {
                pending.push((prober.passes(captured + after, Seen::Data), Seen::Data));
            }
        }
        timer = fires_at(timer, interval);
    }
    prober.seen.sort_by_key(|(at, _)| *at);
    let mut to_come = scene.begins_after.unwrap_or(0);
    while to_come > 0 && !prober.seen.is_empty() {
        let (_, what) = prober.seen.remove(0);
        to_come -= u64::from(what == Seen::Answer);
    }
    prober.seen
}
