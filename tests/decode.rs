//! The shortcut for plain frames answers as the general way does, on every recorded fixture.

use keepscope::decode::{Encapsulations, Skip, decode, decode_general, decode_into};
use keepscope::frame::FrameBatch;
use keepscope::source::{FrameSource, Next, file};
use std::path::Path;

#[test]
fn the_shortcut_is_only_shorter() {
    let fixtures =
        std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")).expect("fixtures");
    let mut segments = 0;
    for path in fixtures.map(|entry| entry.expect("a directory entry").path().join("capture.pcap")) {
        if !path.exists() {
            continue;
        }
        let (mut one, mut other) = (Encapsulations::default(), Encapsulations::default());
        let mut source = file::open(std::slice::from_ref(&path), None).expect("a capture");
        let mut batch = FrameBatch::default();
        while source.fill(&mut batch).expect("frames") == Next::Filled {
            for frame in batch.iter() {
                let general = decode_general(&frame, &mut one);
                assert_eq!(decode(&frame, &mut other), general, "{}: frame {}", path.display(), frame.no);
                let mut content = Err(Skip::NotIp);
                decode_into(&mut content, &frame, &mut other);
                assert_eq!(content, general, "{}: frame {}", path.display(), frame.no);
                segments += usize::from(general.is_ok());
            }
        }
    }
    assert!(segments > 500, "only {segments} segments in all fixtures");
}
