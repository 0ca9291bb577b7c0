//! What the README shows is what the program prints.

use std::process::Command;

#[test]
fn every_output_in_the_readme_is_real() {
    let readme = include_str!("../README.md");
    let mut shown = 0;
    for block in readme.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next()) {
        let (command, output) = block.split_once('\n').expect("a command and its output");
        let arguments = command.strip_prefix("$ keepscope ").expect("a block begins with '$ keepscope'");
        let run = Command::new(env!("CARGO_BIN_EXE_keepscope"))
            .args(arguments.split(' '))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("NO_COLOR", "1")
            .output()
            .expect("keepscope runs");
        assert_eq!(String::from_utf8_lossy(&run.stdout), output, "of: {command}");
        shown += 1;
    }
    assert!(shown > 0, "the README shows no output");
}
