use super::testing::{ms, notes_on};
use super::{How, Notes};
use crate::flow::Side;
use crate::time::Span;

const HANDSHAKE: &str = "0.000 A S 0:1(0)\n0.010 B S. 0:1(0) ack 1\n0.020 A . 1:1(0) ack 1\n";

#[track_caller]
fn noted(story: &str) -> Notes {
    notes_on(&format!("{HANDSHAKE}{story}")).expect("something to note")
}

#[track_caller]
fn nothing_noted(story: &str) {
    let notes = notes_on(&format!("{HANDSHAKE}{story}"));
    assert!(notes.is_none(), "{notes:?}");
}

#[test]
fn a_plain_connection_has_no_notes() {
    nothing_noted(
        "
        0.030 A P. 1:101(100) ack 1
        0.040 B . 1:1461(1460) ack 101
        0.050 B P. 1461:2921(1460) ack 101
        0.060 A . 101:101(0) ack 2921
        # a late answer is no exchange of its own
        0.070 A P. 101:201(100) ack 2921
        0.080 B . 2921:2921(0) ack 201
        1.400 B P. 2921:4381(1460) ack 201
        1.500 A F. 201:202(0) ack 4381
        1.510 B F. 4381:4382(0) ack 202
        1.520 A . 202:202(0) ack 4382
        # and what comes after the close ends nothing
        1.530 B R 4382:4382(0)
        ",
    );
}

#[test]
fn a_refused_connection_has_no_notes() {
    assert!(notes_on("0.0 A S 0:1(0)\nisn B 0\n0.1 B R. 0:0(0) ack 1").is_none());
}

#[test]
fn what_was_lost_once_is_forgotten() {
    nothing_noted(
        "
        0.100 A P. 1:101(100) ack 1
        0.300 A P. 1:101(100) ack 1
        0.310 B . 1:1(0) ack 101
        ",
    );
}

// Silences

#[test]
fn a_silence_that_was_answered_is_survived() {
    let notes = noted(
        "
        30.000 A P. 1:6(5) ack 1
        30.010 B . 1:1(0) ack 6
        90.000 A . 5:5(0) ack 1
        90.010 B . 1:1(0) ack 6
        130.000 A P. 6:11(5) ack 1
        130.010 B . 1:1(0) ack 11
        ",
    );
    let gaps = notes.gaps().unwrap();
    let survived = gaps.survived().unwrap();
    // The probe at 90 s parts the hundred seconds without data.
    assert_eq!(survived.gap.length, Span::from_millis(59_990));
    assert_eq!((survived.gap.from.get(), survived.gap.to.get(), survived.by.get()), (5, 6, 7));
    assert_eq!(gaps.longest(), Some(survived.gap));
    assert_eq!(gaps.death(), None);
}

#[test]
fn a_short_silence_is_nothing_to_begin_notes_with() {
    let notes = noted("9.900 A P. 1:6(5) ack 1\n9.910 B . 1:1(0) ack 6");
    assert!(notes.gaps().is_none());
}

#[test]
fn a_silence_is_deadly_if_a_rst_comes_instead_of_an_answer() {
    let notes = noted(
        "
        0.100 A P. 1:6(5) ack 1
        0.110 B . 1:1(0) ack 6
        60.000 A P. 6:11(5) ack 1
        60.010 B . 1:1(0) ack 11
        420.000 A P. 11:16(5) ack 1
        420.001 B R 1:1(0)
        ",
    );
    let gaps = notes.gaps().unwrap();
    let death = gaps.death().unwrap();
    assert_eq!(
        (death.how, death.asked_by, death.gap.length),
        (How::Rst, Side::Client, Span::from_millis(359_990))
    );
    assert_eq!(
        (ms(death.at), death.frame.get(), death.gap.from.get(), death.gap.to.get()),
        (420_001, 9, 7, 8)
    );
    assert_eq!(gaps.survived().unwrap().gap.length, Span::from_millis(59_890));
    assert_eq!(gaps.longest(), Some(death.gap));
}

#[test]
fn a_rst_with_ack_in_answer_to_data_may_be_the_application_s() {
    let death = |answer: &str| {
        let notes = noted(&format!(
            "
            0.100 A P. 1:6(5) ack 1
            0.110 B . 1:1(0) ack 6
            {answer}
            "
        ));
        notes.gaps().unwrap().death()
    };
    assert_eq!(death("60.000 A P. 6:11(5) ack 1\n60.001 B R. 1:1(0) ack 11").unwrap().how, How::Abort);
    assert_eq!(death("60.000 A . 5:5(0) ack 1\n60.001 B R. 1:1(0) ack 6").unwrap().how, How::Rst);
    // The other end has closed: it may have forgotten the connection in good order.
    let closed =
        death("0.2 B F. 1:2(0) ack 6\n0.3 A . 6:6(0) ack 2\n90.000 A . 5:5(0) ack 2\n90.001 B R 2:2(0)");
    assert!(
        closed.unwrap().is_half_closed
            && !death("60 A . 5:5(0) ack 1\n61 B R 1:1(0)").unwrap().is_half_closed
    );
    // A RST ended it before.
    assert_eq!(death("1.000 A R. 6:6(0) ack 1\n60.000 A P. 6:11(5) ack 1\n60.001 B R 1:1(0)"), None);
}

#[test]
fn a_silence_is_deadly_if_nothing_answers_whatever_is_repeated() {
    let notes = noted(
        "
        0.100 A P. 1:6(5) ack 1
        0.110 B . 1:1(0) ack 6
        400.000 A P. 6:11(5) ack 1
        400.200 A P. 6:11(5) ack 1
        400.600 A P. 6:11(5) ack 1
        401.400 A P. 6:11(5) ack 1
        ",
    );
    let death = notes.gaps().unwrap().death().unwrap();
    assert_eq!((death.how, death.repeats, ms(death.at), death.frame.get()), (How::Silence, 3, 400_200, 7));
    assert_eq!(notes.gaps().unwrap().survived(), None);
}

#[test]
fn what_was_answered_in_the_end_was_survived() {
    let notes = noted(
        "
        0.100 A P. 1:6(5) ack 1
        0.110 B . 1:1(0) ack 6
        60.000 A . 5:5(0) ack 1
        75.000 A . 5:5(0) ack 1
        90.000 A . 5:5(0) ack 1
        90.010 B . 1:1(0) ack 6
        ",
    );
    let gaps = notes.gaps().unwrap();
    assert_eq!(gaps.death(), None);
    assert_eq!(gaps.survived().unwrap().gap.length, Span::from_millis(59_890));
}

#[test]
fn one_question_without_an_answer_is_no_death() {
    let notes = noted("0.100 A P. 1:6(5) ack 1\n0.110 B . 1:1(0) ack 6\n400.000 A P. 6:11(5) ack 1");
    assert_eq!(notes.gaps().unwrap().death(), None);
    assert_eq!(notes.gaps().unwrap().longest().unwrap().length, Span::from_millis(399_890));
}

#[test]
fn the_interval_of_unanswered_probes_is_no_deadly_silence() {
    let notes = noted(
        "
        0.100 A P. 1:6(5) ack 1
        0.110 B . 1:1(0) ack 6
        2.200 A . 5:5(0) ack 1
        17.200 A . 5:5(0) ack 1
        32.200 A . 5:5(0) ack 1
        47.200 A . 5:5(0) ack 1
        ",
    );
    assert_eq!(notes.gaps().unwrap().death().unwrap().gap.length, Span::from_millis(2_090));
    assert_eq!(notes.gaps().unwrap().longest().unwrap().length, Span::from_secs(15));
}

#[test]
fn what_is_said_into_a_retransmission_is_no_deadly_silence() {
    let notes = noted(
        "
        0.100 A P. 1:6(5) ack 1
        0.300 A P. 1:6(5) ack 1
        0.700 A P. 1:6(5) ack 1
        12.000 A P. 6:11(5) ack 1
        24.000 A P. 1:11(10) ack 1
        60.000 A P. 1:11(10) ack 1
        ",
    );
    assert_eq!(notes.gaps().unwrap().death(), None);
}

#[test]
fn a_crossing_probe_answers_nothing() {
    let notes = noted(
        "
        0.100 A P. 1:6(5) ack 1
        0.110 B P. 1:6(5) ack 6
        0.120 A . 6:6(0) ack 6
        60.000 A . 5:5(0) ack 6
        60.001 B . 5:5(0) ack 6
        75.000 A . 5:5(0) ack 6
        90.000 A . 5:5(0) ack 6
        ",
    );
    assert_eq!(notes.gaps().unwrap().survived(), None);
    assert_eq!(notes.gaps().unwrap().death().unwrap().how, How::Silence);
}

// Retransmissions

#[test]
fn a_ladder_keeps_its_original_and_its_first_and_last_rungs() {
    let mut story = "0.100 A P. 1:6(5) ack 1\n0.110 B . 1:1(0) ack 6\n5.000 A P. 6:11(5) ack 1\n".to_owned();
    (1..=20).for_each(|n| story += &format!("{}.000 A P. 6:11(5) ack 1\n", 5 + n));
    let notes = noted(&story);
    let ladder = notes.ladder(Side::Client).unwrap();
    let original = ladder.original().unwrap();
    assert_eq!((ms(original.at), original.frame.get(), ladder.total()), (5_000, 6, 20));
    let seconds = |at| ms(at) / 1000 - 5;
    assert_eq!(ladder.first().map(|rung| seconds(rung.at)).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(
        ladder.last().map(|rung| seconds(rung.at)).collect::<Vec<_>>(),
        [13, 14, 15, 16, 17, 18, 19, 20]
    );
    assert!(notes.ladder(Side::Server).is_none());
}

#[test]
fn a_ladder_without_notes_before_it_knows_when_the_last_new_data_was_sent() {
    let notes = noted("0.100 A P. 1:6(5) ack 1\n0.110 A P. 6:11(5) ack 1\n0.400 A P. 1:6(5) ack 1");
    let ladder = notes.ladder(Side::Client).unwrap();
    assert_eq!((ladder.original(), ladder.newest_at().map(ms)), (None, Some(110)));
    assert_eq!(ladder.last().count(), 0);
}

#[test]
fn a_sign_of_life_takes_the_ladder_away_and_progress_its_original() {
    let story = "
        5.000 A P. 1:6(5) ack 1
        5.200 A P. 1:6(5) ack 1
        5.210 B . 1:1(0) ack 1
        5.600 A P. 1:6(5) ack 1
    ";
    let notes = noted(story);
    let ladder = notes.ladder(Side::Client).unwrap();
    assert_eq!((ladder.total(), ladder.original().map(|rung| ms(rung.at))), (1, Some(5_000)));
    let notes =
        noted(&format!("{story}5.610 B . 1:1(0) ack 6\n5.620 A P. 6:11(5) ack 1\n5.900 A P. 6:11(5) ack 1"));
    let ladder = notes.ladder(Side::Client).unwrap();
    assert_eq!((ladder.total(), ladder.original().map(|rung| ms(rung.at))), (1, Some(5_620)));
}

#[test]
fn a_fin_is_repeated_like_data_and_a_syn_is_not() {
    let notes = noted("0.100 A F. 1:2(0) ack 1\n0.300 A F. 1:2(0) ack 1\n0.700 A F. 1:2(0) ack 1");
    assert_eq!(notes.ladder(Side::Client).unwrap().total(), 2);
    assert!(notes_on("0.0 A S 0:1(0)\n1.0 A S 0:1(0)\n3.0 A S 0:1(0)").is_none());
}

#[test]
fn what_is_acknowledged_already_is_no_ladder() {
    nothing_noted("0.1 A P. 1:6(5) ack 1\n0.2 B . 1:1(0) ack 6\n0.4 A P. 1:6(5) ack 1");
}

// RST

#[test]
fn a_rst_is_noted_with_what_its_sender_was_known_to_send() {
    let notes = noted(
        "
        0.100 A P. 1:6(5) ack 1 ttl 64
        0.110 B P. 1:4(3) ack 6 ttl 52 id 700
        0.120 A . 6:6(0) ack 4
        60.000 A . 5:5(0) ack 4
        60.002 B R 4:4(0) ttl 63 id 0
        ",
    );
    let reset = notes.reset().unwrap();
    assert_eq!((reset.from, reset.frame.get(), ms(reset.at)), (Side::Server, 8, 60_002));
    assert_eq!(
        (reset.ttl, reset.sender_ttl, reset.ip_id, reset.sender_ip_id),
        (63, Some(52), Some(0), Some(700))
    );
    assert_eq!(
        (reset.has_ack, reset.is_at_snd_nxt, reset.is_at_acknowledged),
        (false, Some(true), Some(true))
    );
    assert_eq!(reset.after_other, Some(Span::from_millis(2)));
}

#[test]
fn a_rst_that_its_receiver_ignores_is_forgotten() {
    nothing_noted(
        "
        0.100 A P. 1:6(5) ack 1
        0.110 B . 1:1(0) ack 6
        0.200 B R 500:500(0)
        0.210 A P. 6:11(5) ack 1
        0.220 B . 1:1(0) ack 11
        ",
    );
    let notes = noted("0.1 A P. 1:6(5) ack 1\n0.2 B R 1:1(0)\n0.3 A P. 6:11(5) ack 1\n0.4 B R 77:77(0)");
    assert_eq!(notes.reset().unwrap().frame.get(), 5, "the first that must be accepted");
}
