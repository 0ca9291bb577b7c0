//! What programs and libraries ask for by default, and what is widely advised.

use super::words::*;

/// By kind; within a kind the better known first.
pub static PROGRAMS: &[Profile] = &[
    // Languages and their libraries
    Profile::new("Go net", fixed(15, 15, 9), Either, SourceCode, "Go src/net/dial.go (count explicit since 1.23)"),
    Profile::new(
        "Go, KeepAlive 30 s (net/http, etcd, client-go)",
        fixed(30, 30, 9),
        Either,
        SourceCode,
        "etcd client/pkg/transport; for the others general knowledge of net/http DefaultTransport",
    ),
    Profile::new("Docker and most Go daemons", fixed(15, 15, 9), Either, GeneralKnowledge, "from Go's default"),
    Profile::new(
        "Node.js http.Agent with keepAlive",
        fixed(1, 1, 10),
        Client,
        Measured,
        "system calls of Node 20; lib/_http_agent.js (the default agent since 19), libuv src/unix/tcp.c",
    ),
    Profile::new(
        "Node.js fetch (undici)",
        fixed(60, 1, 10),
        Client,
        Measured,
        "system calls of Node 20; undici lib/core/connect.js",
    ),
    Profile::new(
        "any program on Windows with its own idle",
        [Any, Fixed(1), Fixed(10)],
        Either,
        Documentation,
        "Microsoft: KeepAliveInterval is 1 s, and 10 probes are sent",
    )
    .on(&["windows"]),
    Profile::new(
        "libuv, Node.js setKeepAlive",
        [Any, Fixed(1), Fixed(10)],
        Either,
        SourceCode,
        "libuv src/unix/tcp.c",
    )
    .on(&["linux", "freebsd", "macos", "openbsd-netbsd", "aix", "illumos"]),
    Profile::new(
        "curl, libcurl",
        fixed(60, 60, 9),
        Client,
        Measured,
        "system calls of curl 7.88; lib/url.c (count explicit since 8.9, before that the system's)",
    ),
    Profile::new("reqwest", fixed(15, 15, 3), Client, SourceCode, "reqwest src/async_impl/client.rs"),
    Profile::new(
        "gRPC-Go",
        BARE,
        Client,
        SourceCode,
        "grpc-go internal/tcp_keepalive_unix.go (HTTP/2 PING only where configured)",
    ),
    Profile::new(
        "Java HttpClient and URLConnection, Python http.client and urllib",
        OFF,
        Client,
        Measured,
        "system calls of Java 17 and Python 3.11",
    ),
    Profile::new("hyper, tokio, Rust std, Netty", OFF, Either, GeneralKnowledge, "they ask only when told to"),
    // Browsers
    Profile::new(
        "Chrome, Chromium",
        [Fixed(45), Fixed(45), OsDefault],
        Client,
        SourceCode,
        "Chromium net/socket/tcp_client_socket (kTCPKeepAliveSeconds)",
    ),
    Profile::new(
        "Firefox, connection younger than 60 s",
        fixed(10, 1, 4),
        Client,
        SourceCode,
        "Firefox all.js: network.http.tcp_keepalive.short_lived_*",
    ),
    Profile::new(
        "Firefox, older connection",
        fixed(600, 1, 4),
        Client,
        SourceCode,
        "Firefox all.js: network.http.tcp_keepalive.long_lived_*",
    ),
    // Databases and queues
    Profile::new(
        "Redis, Valkey server",
        fixed(300, 100, 3),
        Server,
        SourceCode,
        "redis src/anet.c, src/config.c (tcp-keepalive 300)",
    ),
    Profile::new("redis-cli", fixed(15, 5, 3), Client, SourceCode, "redis src/redis-cli.c"),
    Profile::new(
        "Redis cluster bus",
        fixed(30, 10, 3),
        Either,
        SourceCode,
        "redis src/cluster_legacy.c (node timeout 15 s)",
    ),
    Profile::new("PostgreSQL server and libpq", BARE, Either, Measured, "system calls of psql 15: SO_KEEPALIVE only"),
    Profile::new("PgBouncer", BARE, Either, SourceCode, "pgbouncer src/main.c"),
    Profile::new("MySQL, MariaDB", BARE, Either, GeneralKnowledge, "SO_KEEPALIVE only"),
    Profile::new(
        "MongoDB server",
        [Fixed(300), Fixed(1), OsDefault],
        Either,
        SourceCode,
        "mongo src/mongo/util/net (4.4 on): takes the system's values, at most 300 s and 1 s",
    ),
    Profile::new(
        "MongoDB server before 4.4",
        [Fixed(300), Fixed(300), OsDefault],
        Either,
        SourceCode,
        "mongo src/mongo/util/net: takes the system's values, at most 300 s each",
    ),
    Profile::new(
        "PyMongo, MongoDB drivers",
        fixed(120, 10, 9),
        Client,
        SourceCode,
        "pymongo pool_shared.py: takes the system's values, at most these",
    ),
    Profile::new(
        "Microsoft.Data.SqlClient (managed)",
        [Fixed(30), Fixed(1), OsDefault],
        Client,
        SourceCode,
        "SqlClient SNI/SniTcpHandle.cs",
    ),
    Profile::new(
        "SQL Server, SQL clients on Windows",
        fixed(30, 1, 10),
        Either,
        Documentation,
        "Microsoft SQL Server support: published traces",
    )
    .on(&["windows"]),
    Profile::new(
        "Oracle Net dead connection detection",
        [MultipleOf(60), Fixed(6), Fixed(10)],
        Server,
        Documentation,
        "Oracle: SQLNET.EXPIRE_TIME in minutes, often 10 (12c on)",
    ),
    Profile::new("Kafka, Cassandra sockets", BARE, Either, GeneralKnowledge, "SO_KEEPALIVE only"),
    // Servers, proxies, logins
    Profile::new("OpenSSH (TCPKeepAlive yes)", BARE, Either, Measured, "system calls of ssh 9.2; openssh misc.c"),
    Profile::new("nginx so_keepalive=on (default off)", BARE, Server, SourceCode, "nginx ngx_connection.c"),
    Profile::new(
        "nginx proxy_socket_keepalive on (default off)",
        BARE,
        Client,
        SourceCode,
        "nginx ngx_event_connect.c",
    ),
    Profile::new(
        "HAProxy option tcpka (default off)",
        BARE,
        Either,
        SourceCode,
        "haproxy src/proto_tcp.c; clitcpka-* and srvtcpka-* override",
    ),
    Profile::new("Envoy, Istio (default off)", BARE, Either, Documentation, "Envoy: tcp_keepalive"),
    Profile::new(
        "Kubernetes API server, kubelet",
        [Fixed(180), Fixed(180), Fixed(9)],
        Server,
        SourceCode,
        "apiserver pkg/server/secure_serving.go (defaultKeepAlivePeriod)",
    ),
    Profile::new(
        "systemd KeepAlive=yes (default no)",
        fixed(7200, 75, 9),
        Server,
        Documentation,
        "systemd.socket(5)",
    ),
    Profile::new(
        "Linux NFS client",
        fixed(60, 60, 3),
        Client,
        SourceCode,
        "Linux net/sunrpc/xprtsock.c: timeo and retrans + 1; the defaults timeo=600, retrans=2 are general knowledge",
    )
    .with_user_timeout(180)
    .on(&["linux"]),
    // Clouds and boxes that are an end themselves
    Profile::new(
        "Cloudflare edge to origin",
        [Fixed(30), Unknown, Unknown],
        Client,
        Documentation,
        "Cloudflare: connection limits, TCP Keep-Alive Interval",
    ),
    Profile::new(
        "AWS NLB TLS listener",
        [Fixed(20), Fixed(20), Unknown],
        Middle,
        GeneralKnowledge,
        "AWS: Network Load Balancers guide",
    ),
    Profile::new(
        "F5 BIG-IP TCP profile",
        [Fixed(1800), Unknown, Unknown],
        Middle,
        GeneralKnowledge,
        "F5: tcp profile, Keep Alive Interval",
    ),
    Profile::new(
        "Parallels NAT daemon",
        [Fixed(75), Fixed(75), Unknown],
        Middle,
        Documentation,
        "published traces: it probes from the start, and hides the real ends",
    ),
    // System-wide settings
    Profile::new(
        "Arch Linux (filesystem package)",
        fixed(120, 75, 9),
        Either,
        Documentation,
        "Arch Linux RFC 51: sysctl net.ipv4.tcp_keepalive_time",
    )
    .on(&["linux"]),
    Profile::new(
        "Cassandra, DataStax advice",
        fixed(60, 10, 3),
        Either,
        Documentation,
        "DataStax: recommended production settings (sysctl)",
    )
    .on(&["linux"]),
    Profile::new(
        "Kaspersky Security Center advice",
        fixed(900, 1, 10),
        Either,
        Documentation,
        "Kaspersky Security Center Linux help (sysctl)",
    )
    .on(&["linux"]),
    Profile::new(
        "Google Cloud advice",
        fixed(60, 60, 5),
        Either,
        GeneralKnowledge,
        "Google Compute Engine: communication with the internet (sysctl)",
    )
    .on(&["linux"]),
];
