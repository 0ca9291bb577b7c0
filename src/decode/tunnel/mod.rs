//! Tunnels: one file each, with one `read` that starts at the tunnel's own header and goes on with what it carries.

pub(super) mod erspan;
pub(super) mod geneve;
pub(super) mod gre;
pub(super) mod gtpu;
pub(super) mod mpls;
pub(super) mod vxlan;
