//! Which weights learn in which step.

use super::*;

#[test]
fn the_encoder_is_unchanged_while_it_waits() {
    let config = configs()[0].clone();
    let options = SharpenOptions {
        encoder_waits: 1,
        ..OPTIONS
    };
    let mut contest = contest(&config, options, Arithmetic::Fastest, 1);
    let middle = contest.network.linear.place.weight;
    let start = contest.generator.weights.clone();
    contest.step(Inputs::new(&config, 4, 1).batch()).unwrap();
    assert_eq!(contest.generator.weights[..middle], start[..middle]);
    assert_ne!(contest.generator.weights[middle..], start[middle..]);
    contest.step(Inputs::new(&config, 4, 2).batch()).unwrap();
    assert_ne!(contest.generator.weights[..middle], start[..middle]);
}

#[test]
fn the_encoder_ends_as_its_average_and_the_decoder_goes_on() {
    let config = configs()[0].clone();
    let options = SharpenOptions {
        encoder_stops: 2,
        ..OPTIONS
    };
    let mut contest = contest(&config, options, Arithmetic::Fastest, 1);
    let middle = contest.network.linear.place.weight;
    for step in 0..5 {
        let (before, average) = (contest.generator.weights.clone(), contest.average.clone());
        contest.step(Inputs::new(&config, 4, step).batch()).unwrap();
        let after = &contest.generator.weights;
        assert_ne!(after[middle..], before[middle..]);
        match step {
            0 | 1 => assert_ne!(after[..middle], before[..middle]),
            2 => {
                assert_ne!(before[..middle], average[..middle]);
                assert_eq!(after[..middle], average[..middle]);
            }
            _ => assert_eq!(after[..middle], before[..middle]),
        }
    }
}

#[test]
fn the_network_learns_in_the_last_of_each_of_the_critics_steps_once_it_no_longer_waits() {
    let config = configs()[0].clone();
    let options = SharpenOptions {
        network_waits: 3,
        critic_steps: 2,
        ..OPTIONS
    };
    let mut contest = contest(&config, options, Arithmetic::Fastest, 1);
    let learns: Vec<bool> = (0..8)
        .map(|seed| {
            let before = (contest.generator.weights.clone(), contest.judge.weights.clone());
            let inputs = Inputs::new(&config, 4, seed);
            let losses = contest.step(inputs.batch()).unwrap();
            assert_ne!(contest.judge.weights, before.1);
            let learns = contest.generator.weights != before.0;
            assert_eq!((losses.network_learns, losses.pixels > 0.0), (learns, learns));
            learns
        })
        .collect();
    assert_eq!(learns, [false, false, false, true, false, true, false, true]);
}

#[test]
fn the_first_step_after_a_wait_is_adams_first() {
    let config = configs()[0].clone();
    let options = SharpenOptions {
        network_waits: 3,
        critic_steps: 2,
        encoder_waits: 5,
        ..OPTIONS
    };
    let mut contest = contest(&config, options, Arithmetic::Fastest, 1);
    let middle = contest.network.linear.place.weight;
    for step in 0..6 {
        let before = contest.generator.weights.clone();
        contest.step(Inputs::new(&config, 4, step).batch()).unwrap();
        let largest = |range: std::ops::Range<usize>| {
            let pairs = contest.generator.weights[range.clone()]
                .iter()
                .zip(&before[range]);
            pairs.map(|(now, then)| (now - then).abs()).fold(0.0, f32::max)
        };
        // Where the moments are corrected, the first step of every weight is the rate.
        let is_rate = |moved: f32, rate: f32| (moved / rate - 1.0).abs() < 0.01;
        match step {
            3 => assert!(is_rate(largest(middle..before.len()), options.decoder_rate)),
            5 => assert!(is_rate(largest(0..middle), options.encoder_rate)),
            _ => {}
        }
    }
}
