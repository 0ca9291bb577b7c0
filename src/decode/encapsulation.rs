//! What surrounds a segment: VLANs and tunnels, interned so that a segment carries two bytes.

use ahash::RandomState;
use std::collections::HashMap;
use std::fmt;

/// How many layers of tags and tunnels are named; deeper ones are read (within their own limits) but not listed.
pub const MAX_NAMED_LAYERS: usize = 12;

/// How many distinct encapsulations are told apart. Tags are chosen by strangers, so there is a bound.
pub const MAX_ENCAPSULATIONS: usize = u16::MAX as usize;

/// One tag or tunnel around a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layer {
    /// 802.1Q or 802.1ad tag with its VLAN id.
    Vlan(u16),
    /// MPLS label.
    Mpls(u32),
    /// PPPoE session.
    Pppoe(u16),
    /// GRE, with its key where it has one.
    Gre(Option<u32>),
    /// ERSPAN type II session.
    Erspan(u16),
    /// IPv4 or IPv6 directly inside IPv4.
    IpInIp,
    /// IPv6 inside IPv4 (6in4, 6to4).
    SixInFour,
    /// IPv4 or IPv6 inside IPv6.
    IpInIp6,
    /// VXLAN network.
    Vxlan(u32),
    /// Geneve network.
    Geneve(u32),
    /// GTP-U tunnel endpoint.
    Gtpu(u32),
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Vlan(id) => write!(f, "vlan {id}"),
            Self::Mpls(label) => write!(f, "mpls {label}"),
            Self::Pppoe(session) => write!(f, "pppoe {session}"),
            Self::Gre(None) => f.write_str("gre"),
            Self::Gre(Some(key)) => write!(f, "gre {key}"),
            Self::Erspan(session) => write!(f, "erspan {session}"),
            Self::IpInIp => f.write_str("ipip"),
            Self::SixInFour => f.write_str("6in4"),
            Self::IpInIp6 => f.write_str("ip6ip6"),
            Self::Vxlan(vni) => write!(f, "vxlan {vni}"),
            Self::Geneve(vni) => write!(f, "geneve {vni}"),
            Self::Gtpu(teid) => write!(f, "gtpu {teid}"),
        }
    }
}

/// The layers around one packet, outermost first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stack {
    layers: [Option<Layer>; MAX_NAMED_LAYERS],
    len: usize,
}

impl Stack {
    /// Puts one more layer inside.
    pub fn push(&mut self, layer: Layer) {
        if let Some(slot) = self.layers.get_mut(self.len) {
            *slot = Some(layer);
            self.len += 1;
        }
    }

    /// The layers, outermost first.
    pub fn iter(&self) -> impl Iterator<Item = Layer> + '_ {
        self.layers.iter().map_while(|l| *l)
    }

    /// Whether there is nothing around the packet.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }
}

/// Which of the [`Encapsulations`] a segment travelled in; 0 is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct EncapsulationId(pub u16);

/// All encapsulations met so far.
#[derive(Debug, Default)]
pub struct Encapsulations {
    known: Vec<Stack>,
    /// Where in `known` each is. The seed is random: tags are chosen by strangers.
    places: HashMap<Stack, u16, RandomState>,
    latest: u16,
}

impl Encapsulations {
    /// The id of `stack`, new or known. Beyond [`MAX_ENCAPSULATIONS`] distinct ones everything new counts as plain.
    pub fn intern(&mut self, stack: &Stack) -> EncapsulationId {
        if stack.is_empty() {
            return EncapsulationId::default();
        }
        // Neighbouring frames mostly share their encapsulation, so the last one found is tried first.
        let found = match self.known.get(usize::from(self.latest)) {
            Some(last) if last == stack => Some(self.latest),
            _ => self.places.get(stack).copied(),
        };
        let place = match found {
            Some(place) => place,
            None if self.known.len() < MAX_ENCAPSULATIONS => {
                let place = self.known.len() as u16;
                self.known.push(*stack);
                self.places.insert(*stack, place);
                place
            }
            None => return EncapsulationId::default(),
        };
        self.latest = place;
        EncapsulationId(place + 1)
    }

    /// The layers behind `id`, outermost first.
    #[must_use]
    pub fn get(&self, id: EncapsulationId) -> Stack {
        (id.0 as usize).checked_sub(1).and_then(|i| self.known.get(i)).copied().unwrap_or_default()
    }
}
