//! What an application gets that sets SO_KEEPALIVE and nothing else: the defaults of operating systems and TCP libraries.

use super::words::*;

/// One entry for each stack that has defaults, named after [the stack](crate::infer::fingerprint::STACKS) it is for.
pub static SYSTEMS: &[Profile] = &[
    Profile::new(
        "Linux default",
        fixed(7200, 75, 9),
        Either,
        SourceCode,
        "Linux Documentation/networking/ip-sysctl.rst, include/net/tcp.h",
    )
    .on(&["linux"]),
    Profile::new(
        "FreeBSD default (every connection)",
        fixed(7200, 75, 8),
        Either,
        SourceCode,
        "FreeBSD sys/netinet/tcp_timer.c; net.inet.tcp.always_keepalive is 1",
    )
    .on(&["freebsd"]),
    Profile::new(
        "macOS and iOS default",
        fixed(7200, 75, 8),
        Either,
        SourceCode,
        "XNU bsd/netinet/tcp_timer.h",
    )
    .on(&["macos"]),
    Profile::new(
        "OpenBSD and NetBSD default",
        fixed(7200, 75, 8),
        Either,
        GeneralKnowledge,
        "tcp_timer.h as in 4.4BSD",
    )
    .on(&["openbsd-netbsd"]),
    Profile::new(
        "4.2BSD-compatible default",
        fixed(7200, 75, 8),
        Either,
        GeneralKnowledge,
        "4.4BSD built with TCP_COMPAT_42",
    )
    .on(&["bsd-compat-42"]),
    Profile::new(
        "Windows default",
        fixed(7200, 1, 10),
        Either,
        Documentation,
        "Microsoft: KeepAliveTime, KeepAliveInterval; 10 probes, until TCP_KEEPCNT came with Windows 10 1703",
    )
    .on(&["windows"]),
    Profile::new(
        "Solaris and illumos default",
        [Fixed(7200), Doubling, Unknown],
        Either,
        SourceCode,
        "illumos uts/common/inet/tcp/tcp_timers.c, tcp_tunables.c: gives up after 480 s",
    )
    .on(&["illumos"]),
    Profile::new(
        "AIX default",
        fixed(7200, 75, 8),
        Either,
        Documentation,
        "IBM: no -o tcp_keepidle (14400 half-seconds), tcp_keepintvl (150), tcp_keepcnt",
    )
    .on(&["aix"]),
    Profile::new(
        "lwIP default",
        fixed(7200, 75, 9),
        Either,
        SourceCode,
        "lwIP src/include/lwip/priv/tcp_priv.h",
    )
    .on(&["lwip"]),
    Profile::new(
        "gVisor default",
        fixed(7200, 75, 9),
        Either,
        SourceCode,
        "gVisor pkg/tcpip/transport/tcp/protocol.go",
    )
    .on(&["gvisor"]),
    Profile::new(
        "FreeRTOS+TCP (where built in)",
        fixed(20, 3, 4),
        Either,
        SourceCode,
        "FreeRTOS-Plus-TCP source/FreeRTOS_TCP_Transmission.c",
    )
    .on(&["freertos-tcp"]),
    Profile::new("Zephyr default", fixed(7200, 75, 9), Either, GeneralKnowledge, "Zephyr networking options")
        .on(&["zephyr"]),
    Profile::new("VxWorks default", fixed(7200, 75, 8), Either, GeneralKnowledge, "descends from 4.4BSD")
        .on(&["vxworks"]),
];
