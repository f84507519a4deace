use super::*;

fn text(raw: &str) -> String {
    read(raw, Draft::default()).text
}

#[test]
fn a_sentence_over_several_cues_is_one_line_with_its_seconds() {
    let raw = "1\r\n00:00:01,000 --> 00:00:03,000\r\n<i>The bridge was opened</i>\r\n\r\n2\r\n00:00:03,500 --> 00:00:05,000\r\nin May 1933.\r\n\r\n3\r\n01:00:00,000 --> 01:00:01,000\r\nThe end.";
    let reading = read(raw, Draft::default());
    assert_eq!(reading.text, "The bridge was opened in May 1933.\nThe end.");
    let places: Vec<_> = reading
        .places
        .iter()
        .map(|p| (p.start, p.seconds))
        .collect();
    assert_eq!(
        places,
        [(0, Some(1.0)), (22, Some(3.5)), (35, Some(3600.0))]
    );
    let share = reading.read.unwrap();
    assert_eq!((share.unit, share.read, share.of), (ReadUnit::Cues, 3, 3));
}

#[test]
fn web_video_text_tracks_have_notes_speakers_and_repeats() {
    let raw = "WEBVTT - title\n\nNOTE ignore --x\n\nSTYLE\n::cue {}\n\nid\n00:01.000 --> 00:02.000 align:start\n<v Anna>Hello &amp; welcome\n\n00:02.000 --> 00:03.000\nHello again {a}\nthere.\n\nNOTE\nmore notes\n\n00:03.000 --> 00:04.000\nthere.\nNew line.";
    let reading = read(raw, Draft::default());
    assert_eq!(
        reading.text,
        "Anna: Hello & welcome Hello again {a} there.\nNew line."
    );
    assert_eq!(reading.places.len(), 3);
}

#[test]
fn numbers_and_times_are_never_text() {
    for raw in [
        // A line of spaces for an empty one.
        "1\n00:00:01,000 --> 00:00:03,000\nBuilt in 1912.\n \n2\n00:00:04,000 --> 00:00:06,000\nIt employs 410.\n",
        // No empty line before the time.
        "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nBuilt in 1912.\n00:00:04.000 --> 00:00:06.000 align:start\nIt employs 410.\n",
        // No empty line at all.
        "1\n00:00:01,000 --> 00:00:03,000\nBuilt in 1912.\n2\n00:00:04,000 --> 00:00:06,000\nIt employs 410.\n",
        // Two empty lines, and a name for the cue.
        "WEBVTT\n\n\nfirst cue\n00:01.000 --> 00:03.000\nBuilt in 1912.\n\n\nsecond cue\n00:04.000 --> 00:06.000\nIt employs 410.\n",
    ] {
        assert_eq!(text(raw), "Built in 1912.\nIt employs 410.", "{raw}");
    }
}

#[test]
fn an_empty_line_inside_a_cue_costs_nothing() {
    assert_eq!(
        text(
            "1\n00:00:01,000 --> 00:00:03,000\nThe mill was built\n\nin 1912 by Ada.\n\n2\n00:00:04,000 --> 00:00:06,000\nIt employs\n\n410\n\nin all.\n"
        ),
        "The mill was built in 1912 by Ada.\nIt employs 410 in all."
    );
}

#[test]
fn who_speaks_is_named_once_a_turn() {
    assert_eq!(
        text(
            "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna>The mill\n\n00:02.000 --> 00:03.000\n<v Anna>stands.\n\n00:03.000 --> 00:04.000\n<v.loud Mary>Does it?\n\n00:05.000 --> 00:06.000\n- Yes.\n- No."
        ),
        "Anna: The mill stands.\nMary: Does it?\n- Yes.\n- No."
    );
}

#[test]
fn rolling_captions_say_each_word_once() {
    let raw = "WEBVTT\nKind: captions\n\n00:00.000 --> 00:02.000\nthe mill was\n\n00:02.000 --> 00:02.010\nthe mill was\n \n\n00:02.010 --> 00:04.000\nthe mill was\nbuilt<00:03.000><c> in 1912</c>\n\n00:04.000 --> 00:05.000\nbuilt in 1912\nby Ada Lorne\n\n00:05.000 --> 00:06.000\nbuilt in 1912 by Ada Lorne of Brask.";
    assert_eq!(
        text(raw),
        "the mill was built in 1912 by Ada Lorne of Brask."
    );
    let said_twice =
        "1\n00:00:01,000 --> 00:00:02,000\nNever.\n\n2\n00:00:05,000 --> 00:00:06,000\nNever.\n";
    assert_eq!(text(said_twice), "Never.\nNever.");
}

#[test]
fn cues_out_of_order_are_read_by_their_time() {
    assert_eq!(
        text(
            "2\n00:00:04,000 --> 00:00:06,000\nSecond.\n\n1\n00:00:01,000 --> 00:00:03,000\nFirst.\n"
        ),
        "First.\nSecond."
    );
}

#[test]
fn broken_times_are_named_with_their_line() {
    let reading = read(
        "1\n00:00:01,000 --> 00:00:03,000\nFirst.\n\n2\n00:00:0x,000 --> 00:00:06,000\nSecond.\n",
        Draft::default(),
    );
    assert_eq!(reading.text, "First. Second.");
    assert_eq!(reading.unread[0].line, Some(6));
    assert_eq!(reading.read.unwrap().of, 2);
}

#[test]
fn what_has_no_cues_is_no_subtitle() {
    assert!(
        read("just text", Draft::default()).unread[0]
            .reason
            .contains(".txt")
    );
}
