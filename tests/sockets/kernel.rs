//! A model of the kernel's keepalive timer, in jiffies: `tcp_keepalive_timer` and `keepalive_time_elapsed` (net/ipv4/tcp_timer.c, tcp.h),
//! `inet_sk_diag_fill` (net/ipv4/inet_diag.c), and the wheel (kernel/time/timer.c).

use super::keepalive_socket;
use keepscope::sockets::{Quiet, Socket, Timer, TimerKind, Traffic};
use keepscope::time::Span;

/// What is set, and what happens to the connection; all times in seconds since its beginning.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) hz: i64,
    pub(crate) idle: i64,
    pub(crate) interval: i64,
    pub(crate) count: u8,
    /// From a probe to its answer.
    pub(crate) rtt: f64,
    /// When data arrives.
    pub(crate) data: Vec<f64>,
    /// Since when the peer answers nothing.
    pub(crate) dead_from: f64,
    /// When the application switches keepalive on.
    pub(crate) switched_on: f64,
    /// The jiffies at the beginning.
    pub(crate) phase: i64,
}

impl Default for Scene {
    fn default() -> Self {
        Self {
            hz: 250,
            idle: 60,
            interval: 10,
            count: 9,
            rtt: 0.02,
            data: Vec::new(),
            dead_from: f64::INFINITY,
            switched_on: 0.0,
            phase: 12_345,
        }
    }
}

/// A socket whose time goes on.
pub(crate) struct Kernel {
    scene: Scene,
    now: i64,
    on: bool,
    expires: i64,
    fires: i64,
    data_received: i64,
    ack_received: i64,
    data_segments: u32,
    probes_out: u8,
    answer_at: Option<i64>,
    /// When data arrives, in jiffies, the next last.
    data: Vec<i64>,
    pub(crate) gave_up: bool,
}

impl Kernel {
    pub(crate) fn new(scene: Scene) -> Self {
        let now = scene.phase;
        let mut data: Vec<i64> = scene.data.iter().map(|at| now + (at * scene.hz as f64) as i64).collect();
        data.sort_unstable_by_key(|at| std::cmp::Reverse(*at));
        Self {
            data,
            scene,
            now,
            on: false,
            expires: 0,
            fires: i64::MAX,
            data_received: now,
            ack_received: now,
            data_segments: 0,
            probes_out: 0,
            answer_at: None,
            gave_up: false,
        }
    }

    /// The jiffy of so many seconds after the beginning.
    fn jiffy(&self, seconds: f64) -> i64 {
        if seconds.is_infinite() {
            i64::MAX
        } else {
            self.scene.phase + (seconds * self.scene.hz as f64) as i64
        }
    }

    /// Lets time go on until `seconds`, and tells what the kernel would then; `None` once it gave up.
    pub(crate) fn look(&mut self, seconds: f64) -> Option<Socket> {
        let until = self.jiffy(seconds);
        while self.now < until && !self.gave_up {
            let data = self.data.last().copied().unwrap_or(i64::MAX);
            let answer = self.answer_at.unwrap_or(i64::MAX);
            let on = if self.on { i64::MAX } else { self.jiffy(self.scene.switched_on) };
            let next = until.min(self.fires).min(data).min(answer).min(on);
            self.now = next.max(self.now + 1);
            self.tick();
        }
        (!self.gave_up).then(|| self.socket())
    }

    fn tick(&mut self) {
        let (now, is_dead) = (self.now, self.now >= self.jiffy(self.scene.dead_from));
        if !self.on && now >= self.jiffy(self.scene.switched_on) {
            self.on = true;
            self.arm(self.scene.idle * self.scene.hz);
        }
        while self.data.pop_if(|at| *at <= now).is_some() {
            if !is_dead {
                (self.data_received, self.ack_received, self.probes_out) = (now, now, 0);
                self.data_segments += 1;
            }
        }
        if self.answer_at.is_some_and(|at| at <= now) {
            (self.answer_at, self.probes_out, self.ack_received) = (None, 0, now);
        }
        if self.on && self.fires == now {
            self.fire(is_dead);
        }
    }

    fn fire(&mut self, is_dead: bool) {
        let idle = self.scene.idle * self.scene.hz;
        let elapsed = (self.now - self.data_received).min(self.now - self.ack_received);
        if elapsed < idle {
            self.arm(idle - elapsed);
        } else if self.probes_out >= self.scene.count {
            self.gave_up = true;
        } else {
            self.probes_out += 1;
            self.arm(self.scene.interval * self.scene.hz);
            if !is_dead {
                self.answer_at = Some(self.now + (self.scene.rtt * self.scene.hz as f64) as i64);
            }
        }
    }

    fn arm(&mut self, delay: i64) {
        self.expires = self.now + delay;
        let mut level = 0;
        while delay >= 63 << (3 * level) {
            level += 1;
        }
        self.fires = ((self.expires >> (3 * level)) + 1) << (3 * level);
    }

    fn socket(&self) -> Socket {
        let ms = |jiffies: i64| Span::from_millis(jiffies.max(0) * 1000 / self.scene.hz);
        let timer =
            Timer { kind: TimerKind::Keepalive, left: ms(self.expires - self.now), count: self.probes_out };
        Socket {
            timer: self.on.then_some(timer),
            quiet: Some(Quiet {
                data_received: ms(self.now - self.data_received),
                ack_received: ms(self.now - self.ack_received),
                data_sent: ms(self.now - self.scene.phase),
            }),
            traffic: Some(Traffic {
                data_segments: Some((self.data_segments, 0)),
                rtt: Span::from_millis((self.scene.rtt * 1e3) as i64),
                ..Traffic::default()
            }),
            ..keepalive_socket(0, 0, 0)
        }
    }
}
