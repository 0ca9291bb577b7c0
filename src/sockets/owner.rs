//! Which processes hold a socket: the links in `/proc/PID/fd`, as far as they may be read.

use super::socket::{Owner, Socket};
use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;

/// Adds to each socket who holds it. Whether some processes did not let themselves be looked into.
pub(super) fn find(sockets: &mut [Socket]) -> bool {
    find_in(Path::new("/proc"), sockets)
}

fn find_in(proc: &Path, sockets: &mut [Socket]) -> bool {
    let mut holders: HashMap<u32, Vec<Owner>> = HashMap::with_capacity(sockets.len());
    for socket in sockets.iter().filter(|socket| socket.inode != 0) {
        holders.insert(socket.inode, Vec::new());
    }
    if holders.is_empty() {
        return false;
    }
    let mut denied = false;
    for process in fs::read_dir(proc).into_iter().flatten().map_while(Result::ok) {
        let Some(pid) = process.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        match fs::read_dir(process.path().join("fd")) {
            Ok(files) => look_into(files, pid, &process.path(), &mut holders),
            // A process that has ended meanwhile is no loss.
            Err(error) => denied |= error.kind() == io::ErrorKind::PermissionDenied,
        }
    }
    for socket in sockets {
        socket.owners = holders.get(&socket.inode).cloned().unwrap_or_default();
        socket.owners.sort();
    }
    denied
}

fn look_into(files: fs::ReadDir, pid: u32, process: &Path, holders: &mut HashMap<u32, Vec<Owner>>) {
    // Its name is read once, and only where it holds one of them.
    let mut owner = None;
    for file in files.map_while(Result::ok) {
        let Some(inode) = fs::read_link(file.path()).ok().as_deref().and_then(inode_of) else { continue };
        let Some(found) = holders.get_mut(&inode) else { continue };
        let owner = owner.get_or_insert_with(|| Owner { pid, name: name_of(process) });
        // One process may hold a socket through several descriptors.
        if found.last() != Some(owner) {
            found.push(owner.clone());
        }
    }
}

/// The number in `socket:[4711]`.
fn inode_of(link: &Path) -> Option<u32> {
    link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
}

fn name_of(process: &Path) -> String {
    let name = fs::read(process.join("comm")).unwrap_or_default();
    String::from_utf8_lossy(&name).trim_end_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::socket::tests::quiet_socket;
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn every_holder_is_found_once() {
        let proc = tempfile::tempdir().unwrap();
        let process = |pid: &str, name: &str, links: &[&str]| {
            let fd = proc.path().join(pid).join("fd");
            fs::create_dir_all(&fd).unwrap();
            fs::write(proc.path().join(pid).join("comm"), format!("{name}\n")).unwrap();
            for (number, link) in links.iter().enumerate() {
                symlink(link, fd.join(number.to_string())).unwrap();
            }
        };
        process("12", "nginx", &["/dev/null", "socket:[7]", "socket:[7]", "pipe:[7]"]);
        process("13", "nginx", &["socket:[7]", "socket:[8]"]);
        process("self", "no number", &["socket:[7]"]);
        fs::create_dir(proc.path().join("99")).unwrap();
        let orphan = Socket { inode: 0, ..quiet_socket() };
        let mut sockets = [quiet_socket(), orphan];
        assert!(!find_in(proc.path(), &mut sockets));
        let pids: Vec<u32> = sockets[0].owners.iter().map(|owner| owner.pid).collect();
        assert_eq!((pids, sockets[0].owners[0].name.as_str()), (vec![12, 13], "nginx"));
        assert!(sockets[1].owners.is_empty());
    }

    #[test]
    fn only_a_socket_is_a_socket() {
        for link in
            ["pipe:[7]", "socket:7", "socket:[]", "socket:[-7]", "socket:[99999999999]", "/tmp/socket:[7]"]
        {
            assert_eq!(inode_of(Path::new(link)), None, "{link}");
        }
        assert_eq!(inode_of(Path::new("socket:[7]")), Some(7));
    }
}
