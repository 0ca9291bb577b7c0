//! How the known TCP implementations probe.

use super::Spacing;
use super::Spacing::Constant;
use crate::infer::source::Grade::{self, Documentation, GeneralKnowledge, Measured, SourceCode};

/// A TCP implementation, and how its probes look. `None`: not known, or either.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stack {
    /// Its name in reports.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// Whether probes carry one octet.
    pub one_byte: Option<bool>,
    /// Whether probes carry timestamps where the connection has them.
    pub timestamps: Option<bool>,
    /// How unanswered probes follow each other.
    pub spacing: Option<Spacing>,
    /// How many probes it sends before it gives up, where that cannot be set.
    pub count: Option<u64>,
    /// The TTL it usually sends with.
    pub ttl: Option<u8>,
    /// Whether probes carry PSH.
    pub psh: Option<bool>,
    /// Whether it gives up with a RST.
    pub resets_at_the_end: Option<bool>,
    /// Whether it probes while data of its own is unacknowledged.
    pub over_unacknowledged_data: Option<bool>,
    /// Whether the ACK field of its probes is one behind.
    pub ack_is_behind: Option<bool>,
    /// Whether its timers end on the granules of Linux' timer wheel.
    pub timer_wheel: bool,
    /// How that is known …
    pub grade: Grade,
    /// … and where from.
    pub source: &'static str,
}

/// What most do; rows name only what is different.
const USUAL: Stack = Stack {
    name: "",
    title: "",
    one_byte: Some(false),
    timestamps: Some(true),
    spacing: Some(Constant),
    count: None,
    ttl: Some(64),
    psh: Some(false),
    resets_at_the_end: None,
    over_unacknowledged_data: None,
    ack_is_behind: Some(false),
    timer_wheel: false,
    grade: GeneralKnowledge,
    source: "",
};

/// All of them; the more common first, which is the order among those that fit equally well.
pub static STACKS: &[Stack] = &[
    Stack {
        name: "linux",
        title: "Linux, Android",
        resets_at_the_end: Some(true),
        over_unacknowledged_data: Some(false),
        timer_wheel: true,
        grade: Measured,
        source: "Linux net/ipv4/tcp_timer.c, tcp_output.c (tcp_xmit_probe_skb); recorded probes",
        ..USUAL
    },
    Stack {
        name: "windows",
        title: "Windows",
        one_byte: Some(true),
        timestamps: Some(false),
        ttl: Some(128),
        grade: Documentation,
        source: "Microsoft: TCP keepalive; illumos issue 7814 on missing timestamps",
        ..USUAL
    },
    Stack {
        name: "macos",
        title: "macOS, iOS (XNU)",
        timestamps: Some(false),
        over_unacknowledged_data: Some(true),
        grade: SourceCode,
        source: "XNU bsd/netinet/tcp_timer.c, tcp_subr.c (tcp_respond)",
        ..USUAL
    },
    Stack {
        name: "freebsd",
        title: "FreeBSD",
        over_unacknowledged_data: Some(true),
        grade: SourceCode,
        source: "FreeBSD sys/netinet/tcp_timer.c, tcp_subr.c (tcp_respond)",
        ..USUAL
    },
    Stack {
        name: "gvisor",
        title: "gVisor",
        grade: SourceCode,
        source: "gVisor pkg/tcpip/transport/tcp/connect.go; timestamps by general knowledge",
        ..USUAL
    },
    Stack {
        name: "illumos",
        title: "illumos, Solaris",
        one_byte: Some(true),
        // Doubling, unless an interval or a count is set.
        spacing: None,
        // Its probes take the way of data.
        psh: None,
        grade: SourceCode,
        source: "illumos uts/common/inet/tcp/tcp_timers.c (tcp_keepalive_timer)",
        ..USUAL
    },
    Stack {
        name: "smoltcp",
        title: "smoltcp",
        one_byte: Some(true),
        resets_at_the_end: Some(true),
        grade: Measured,
        source: "smoltcp src/socket/tcp.rs; recorded probes",
        ..USUAL
    },
    Stack {
        name: "lwip",
        title: "lwIP",
        ttl: Some(255),
        resets_at_the_end: Some(true),
        grade: SourceCode,
        source: "lwIP src/core/tcp.c (tcp_slowtmr), tcp_out.c (tcp_keepalive)",
        ..USUAL
    },
    Stack {
        name: "freertos-tcp",
        title: "FreeRTOS+TCP",
        timestamps: Some(false),
        count: Some(4),
        ttl: Some(128),
        resets_at_the_end: Some(false),
        grade: SourceCode,
        source: "FreeRTOS-Plus-TCP source/FreeRTOS_TCP_Transmission.c",
        ..USUAL
    },
    Stack {
        name: "aix",
        title: "AIX",
        one_byte: None,
        timestamps: None,
        ttl: None,
        psh: None,
        ack_is_behind: None,
        grade: GeneralKnowledge,
        source: "descends from 4.4BSD; IBM documents the timers only",
        ..USUAL
    },
    Stack {
        name: "openbsd-netbsd",
        title: "OpenBSD, NetBSD, QNX",
        timestamps: None,
        grade: GeneralKnowledge,
        source: "descend from 4.4BSD",
        ..USUAL
    },
    Stack {
        name: "zephyr",
        title: "Zephyr",
        timestamps: Some(false),
        grade: GeneralKnowledge,
        source: "Zephyr subsys/net/ip/tcp.c",
        ..USUAL
    },
    Stack {
        name: "android-offload",
        title: "Android, offloaded to the NIC",
        timestamps: Some(false),
        grade: GeneralKnowledge,
        source: "Android SocketKeepalive: sent whether answered or not, every 10 s or more",
        ..USUAL
    },
    Stack {
        name: "bsd-compat-42",
        title: "4.4BSD that minds 4.2BSD",
        one_byte: Some(true),
        timestamps: Some(false),
        ack_is_behind: Some(true),
        grade: GeneralKnowledge,
        source: "4.4BSD tcp_timer.c, TCP_COMPAT_42",
        ..USUAL
    },
    Stack {
        name: "vxworks",
        title: "VxWorks",
        one_byte: None,
        timestamps: None,
        ttl: None,
        ack_is_behind: None,
        grade: GeneralKnowledge,
        source: "descends from 4.4BSD",
        ..USUAL
    },
];
