//! The small values reports are made of, written without allocating.

use crate::decode::{Tuple, ip_addr};
use crate::frame::FrameNo;
use crate::render::calendar::Utc;
use crate::render::short::Short;
use crate::render::{CommunityId, Pieces};
use crate::time::{Span, Timestamp};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

/// A duration in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seconds(pub Span);

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0.as_secs_f64())
    }
}

/// A point in time: RFC 3339, UTC, nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(pub Timestamp);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Utc::of(self.0).rfc3339(|text| serializer.serialize_str(text))
    }
}

/// An IPv4 or IPv6 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address(pub IpAddr);

/// `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`
const ADDRESS_LEN: usize = 45;

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = Short::<ADDRESS_LEN>::EMPTY;
        text.push_addr(self.0);
        serializer.serialize_str(text.as_str())
    }
}

/// A network: an address and how many bits of it count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(pub IpAddr, pub u8);

impl Serialize for Network {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}/{}", self.0, self.1))
    }
}

/// A display filter of Wireshark that shows one connection.
#[derive(Clone, Copy, Debug)]
pub struct WiresharkFilter {
    pub(super) client: (IpAddr, u16),
    pub(super) server: (IpAddr, u16),
}

/// Two addresses, two ports, and what stands around them.
const WIRESHARK_FILTER_LEN: usize = 2 * (ADDRESS_LEN + "ipv6.addr== && ".len() + "tcp.port==65535 && ".len());

impl WiresharkFilter {
    /// The filter for the connection of `tuple`.
    #[must_use]
    pub fn of(tuple: &Tuple) -> Self {
        Self {
            client: (ip_addr(tuple.src, tuple.is_ipv6), tuple.src_port),
            server: (ip_addr(tuple.dst, tuple.is_ipv6), tuple.dst_port),
        }
    }

    fn short(&self) -> Short<WIRESHARK_FILTER_LEN> {
        let address_is = if self.client.0.is_ipv6() { "ipv6.addr==" } else { "ip.addr==" };
        let mut text = Short::<WIRESHARK_FILTER_LEN>::EMPTY;
        text.push(address_is);
        text.push_addr(self.client.0);
        text.push(" && ");
        text.push(address_is);
        text.push_addr(self.server.0);
        text.push(" && tcp.port==");
        text.push_number(self.client.1);
        text.push(" && tcp.port==");
        text.push_number(self.server.1);
        text
    }
}

impl fmt::Display for WiresharkFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.short().as_str())
    }
}

impl Serialize for WiresharkFilter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.short().as_str())
    }
}

/// Whatever displays itself as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<T>(pub T);

impl<T: fmt::Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl Serialize for CommunityId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Frame numbers.
#[derive(Clone, Copy, Debug)]
pub struct Frames<'a>(pub &'a [FrameNo]);

impl Serialize for Frames<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|frame| frame.get()))
    }
}

/// Where a frame lies in a capture of several files.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct FrameRef {
    /// The file: its place in `capture.sources`, from 1.
    pub file: usize,
    /// The frame's number in that file, from 1.
    pub frame: u64,
}

/// Where the frames of an object lie: file and frame, in the order the object names its frames.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct FrameRefs(pub Vec<FrameRef>);

impl FrameRefs {
    /// For `frames`; `None` where the capture is one file.
    pub(super) fn of(frames: impl IntoIterator<Item = FrameNo>, pieces: Pieces<'_>) -> Option<Self> {
        pieces.is_several().then(|| {
            let locate = |frame| pieces.locate(frame).map(|(file, frame)| FrameRef { file, frame });
            Self(frames.into_iter().filter_map(locate).collect())
        })
    }
}

/// A range an unknown value lies in.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Bounds {
    /// Not below this.
    pub low: Seconds,
    /// Not above this.
    pub high: Seconds,
}

impl From<(Span, Span)> for Bounds {
    fn from((low, high): (Span, Span)) -> Self {
        Self { low: Seconds(low), high: Seconds(high) }
    }
}

/// Values that are plain JSON values have plain schemas, written where they are used.
macro_rules! inline_schema {
    ($($type:ty [$($generics:tt)*] = $name:literal: $schema:tt;)*) => {$(
        impl<$($generics)*> JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )*};
}

inline_schema! {
    Seconds [] = "Seconds": { "type": "number" };
    Time [] = "Time": {
        "type": "string",
        "format": "date-time",
        "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{9}Z$"
    };
    Address [] = "Address": { "type": "string" };
    Network [] = "Network": { "type": "string" };
    WiresharkFilter [] = "WiresharkFilter": { "type": "string" };
    Text<T> [T] = "Text": { "type": "string" };
    CommunityId [] = "CommunityId": { "type": "string", "pattern": "^1:[A-Za-z0-9+/]{27}=$" };
    Frames<'_> [] = "Frames": { "type": "array", "items": { "type": "integer", "minimum": 1 }, "maxItems": 64 };
}
