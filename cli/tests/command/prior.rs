//! Fitting a prior to a model's codes with the command.

use crate::workshop::{NETWORK, Workshop};

fn trained() -> Workshop {
    let workshop = Workshop::with_mnist();
    workshop.succeed(
        "train --data mnist --config network.json --epochs 3 --batch 16 --out m.safetensors --notes hello",
    );
    workshop
}

#[test]
fn fitting_a_prior_keeps_the_weights_and_is_noted_on_the_card() {
    let workshop = trained();
    let before = workshop.model("m.safetensors");
    let (stdout, stderr) =
        workshop.succeed("prior m.safetensors --data mnist --components 3 --seed 7 --out p.safetensors");
    assert!(stderr.contains("of them the prior"), "{stderr}");
    let model = workshop.model("p.safetensors");
    assert_eq!(model.weights, before.weights);
    let prior = model.prior.as_ref().unwrap();
    assert_eq!((prior.components(), prior.latent()), (3, 2));
    let card = &model.card;
    let command = "latent-lab prior m.safetensors --data mnist --components 3 --seed 7 --out p.safetensors";
    assert_eq!(card.command, format!("{} && {command}", before.card.command));
    let note = "prior of 3 components fitted to the codes of 100 training images of MNIST, seed 7";
    assert!(
        card.notes.contains(note) && card.notes.starts_with("hello"),
        "{}",
        card.notes
    );
    assert_eq!(
        (&card.license, &card.data),
        (&before.card.license, &before.card.data)
    );
    assert!(card.losses["mixture_log_density"] > card.losses["normal_log_density"]);
    for (name, loss) in before.card.losses {
        assert_eq!(card.losses[&name], loss, "{name}");
    }
    assert!(stdout.contains(note), "{stdout}");
}

#[test]
fn a_temperature_narrows_the_prior_and_is_noted_on_the_card() {
    let workshop = trained();
    let fit = |options: &str, out: &str| {
        workshop.succeed(&format!(
            "prior m.safetensors --data mnist --components 2 {options} --out {out}"
        ));
        workshop.model(out)
    };
    let [wide, narrow] =
        [("", "w.safetensors"), ("--temperature 0.5", "n.safetensors")].map(|(o, f)| fit(o, f));
    let [wide_prior, narrow_prior] = [&wide, &narrow].map(|model| model.prior.as_ref().unwrap());
    assert_eq!(narrow_prior.means(), wide_prior.means());
    let pairs = narrow_prior.factors().iter().zip(wide_prior.factors());
    // Stored factors are rounded, and so are their scales.
    let far = pairs.filter(|(narrow, wide)| (**narrow - 0.5 * **wide).abs() > 2e-3 * wide.abs().max(0.01));
    assert_eq!(far.count(), 0);
    assert!(
        narrow.card.notes.ends_with(", temperature 0.5"),
        "{}",
        narrow.card.notes
    );
    assert!(!wide.card.notes.contains("temperature"), "{}", wide.card.notes);
    for bad in ["0", "-1", "NaN", "warm"] {
        workshop.fail(&format!(
            "prior m.safetensors --data mnist --components 2 --temperature {bad} --out x.safetensors"
        ));
    }
}

#[test]
fn a_second_fit_replaces_the_first_and_the_same_seed_gives_the_same_bytes() {
    let workshop = trained();
    let fit = |from: &str, seed: u32, out: &str| {
        workshop.succeed(&format!(
            "prior {from} --data mnist --components 2 --seed {seed} --out {out}"
        ));
        std::fs::read(workshop.path(out)).unwrap()
    };
    fit("m.safetensors", 1, "p.safetensors");
    fit("p.safetensors", 2, "q.safetensors");
    let card = workshop.model("q.safetensors").card;
    assert_eq!(
        card.command.matches("latent-lab prior").count(),
        1,
        "{}",
        card.command
    );
    assert_eq!(card.notes.matches("prior of").count(), 1, "{}", card.notes);
    std::fs::create_dir(workshop.path("again")).unwrap();
    let once = fit("m.safetensors", 3, "r.safetensors");
    std::fs::rename(
        workshop.path("r.safetensors"),
        workshop.path("again/r.safetensors"),
    )
    .unwrap();
    assert_eq!(fit("m.safetensors", 3, "r.safetensors"), once);
}

#[test]
fn the_number_of_components_is_chosen_by_held_out_codes() {
    let workshop = trained();
    let (_, stderr) =
        workshop.succeed("prior m.safetensors --data mnist --components 1,2,4 --out p.safetensors");
    let likelihood = |components: usize| -> f64 {
        let start = format!("{components:>4} components: ");
        let line = stderr
            .lines()
            .find_map(|line| line.strip_prefix(&start[..]))
            .unwrap();
        line.split(' ').next().unwrap().parse().unwrap()
    };
    let best = [1, 2, 4]
        .into_iter()
        .max_by(|&a, &b| likelihood(a).total_cmp(&likelihood(b)))
        .unwrap();
    let prior = workshop.model("p.safetensors").prior.unwrap();
    assert_eq!(prior.components(), best, "{stderr}");
}

#[test]
fn info_shows_a_prior_and_convert_keeps_it_but_whiten_removes_it() {
    let workshop = trained();
    workshop.succeed("prior m.safetensors --data mnist --components 2 --out p.safetensors");
    let (text, _) = workshop.succeed("info p.safetensors");
    assert!(
        text.contains("prior.weights              F32  [2]                2\n")
            && text.contains("prior.factors              I8   [2, 3]             6\n"),
        "{text}"
    );
    let (json, _) = workshop.succeed("info p.safetensors --format json");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["prior"]["components"], 2);
    let (text, _) = workshop.succeed("info m.safetensors");
    assert!(!text.contains("prior."), "{text}");

    workshop.succeed("convert p.safetensors --data mnist --precision i8 --out i8.safetensors");
    let prior = workshop.model("p.safetensors").prior;
    assert!(prior.is_some());
    assert_eq!(workshop.model("i8.safetensors").prior, prior);

    let (_, stderr) = workshop.succeed("whiten p.safetensors --data mnist --out w.safetensors");
    assert!(
        stderr.contains("the fitted prior was for the old codes"),
        "{stderr}"
    );
    assert_eq!(workshop.model("w.safetensors").prior, None);
}

#[test]
fn shrink_changes_nothing_but_the_means_of_the_encoder_and_says_so() {
    let workshop = trained();
    workshop.succeed("prior m.safetensors --data mnist --components 2 --out p.safetensors");
    let (_, stderr) = workshop.succeed("shrink p.safetensors --data mnist --strength 20 --out s.safetensors");
    assert!(
        stderr.contains("factors of 2 directions: ")
            && stderr.contains("the fitted prior was for the old codes"),
        "{stderr}"
    );
    let [before, after] = ["p", "s"].map(|name| workshop.model(&format!("{name}.safetensors")));
    assert_eq!(after.prior, None);
    assert!(before.card.losses.contains_key("mixture_log_density"));
    assert!(
        !after
            .card
            .losses
            .keys()
            .any(|name| name.ends_with("_log_density"))
    );
    assert!(!after.card.notes.contains("prior of"), "{}", after.card.notes);
    assert!(
        after.card.notes.ends_with("codes shrunk by 20"),
        "{}",
        after.card.notes
    );
    assert!(
        after.card.command.contains(" && latent-lab shrink ")
            && after.card.command.contains(" --strength 20 "),
        "{}",
        after.card.command
    );
    let pairs = before.weights.tensors().iter().zip(after.weights.tensors());
    let changed: Vec<&str> = pairs
        .filter(|(before, after)| before.values != after.values)
        .map(|(_, after)| &after.name[..])
        .collect();
    assert_eq!(changed, ["encoder.mean.weight", "encoder.mean.bias"]);
    workshop.succeed("shrink s.safetensors --data mnist --strength 20 --out again.safetensors");
    let notes = workshop.model("again.safetensors").card.notes;
    assert!(
        notes.ends_with("codes shrunk by 20; codes shrunk by 20"),
        "{notes}"
    );
    let mut far = before;
    far.prior = None;
    let bias = far
        .weights
        .tensors_mut()
        .iter_mut()
        .find(|tensor| tensor.name == "encoder.mean.bias");
    bias.unwrap().values.fill(50.0);
    workshop.write("far.safetensors", &far.to_bytes(latent_lab::Precision::F32));
    let (_, far) = workshop.succeed("shrink far.safetensors --data mnist --out x.safetensors");
    workshop.succeed("whiten far.safetensors --data mnist --out near.safetensors");
    let (_, near) = workshop.succeed("shrink near.safetensors --data mnist --out y.safetensors");
    assert!(
        far.contains("from the origin") && !near.contains("from the origin"),
        "{far}{near}"
    );
    for strength in ["0", "-1", "NaN", "inf", "1e10", "some"] {
        let message = workshop.fail(&format!(
            "shrink m.safetensors --data mnist --strength {strength} --out x"
        ));
        assert!(
            message.contains("expected a number from 1e-6 to 1e9"),
            "{message}"
        );
    }
}

#[test]
fn shrink_gives_posteriors_that_go_with_the_codes_if_told_to() {
    let workshop = trained();
    workshop.succeed("shrink m.safetensors --data mnist --strength 20 --out means.safetensors");
    workshop.succeed("shrink m.safetensors --data mnist --strength 20 --posteriors --out s.safetensors");
    let [means, after] = ["means", "s"].map(|name| workshop.model(&format!("{name}.safetensors")));
    assert!(
        after.card.notes.ends_with("codes shrunk by 20, with posteriors"),
        "{}",
        after.card.notes
    );
    // The turn of the axes is undone by the decoder, so pictures of means are the same as without.
    let [without, with] = [&means, &after].map(|model| model.card.losses["test_mse"]);
    assert!((without - with).abs() < 1e-4 * without, "{without} {with}");
    let named = |name: &str| {
        let tensors = after.weights.tensors();
        tensors.iter().find(|tensor| tensor.name == name).unwrap()
    };
    assert!(
        named("encoder.log_var.weight")
            .values
            .iter()
            .all(|&value| value == 0.0)
    );
    // f (1 - f) is at most a quarter.
    let log_var = &named("encoder.log_var.bias").values;
    assert!(
        log_var.iter().all(|&value| value <= 0.25_f32.ln() + 1e-5),
        "{log_var:?}"
    );

    let config = NETWORK.replace("variational", "autoencoder");
    workshop.write("plain.json", config.as_bytes());
    workshop.succeed("train --data mnist --config plain.json --epochs 1 --out plain.safetensors");
    let message = workshop.fail("shrink plain.safetensors --data mnist --posteriors --out x.safetensors");
    assert!(message.contains("has no posteriors"), "{message}");
    assert!(!workshop.path("x.safetensors").exists());
}

#[test]
fn sample_draws_from_the_fitted_prior_if_there_is_one() {
    let workshop = trained();
    workshop.succeed("prior m.safetensors --data mnist --components 2 --out p.safetensors");
    let mut sheets = Vec::new();
    for prior in ["normal", "gaussian", "mixture"] {
        workshop.succeed(&format!(
            "sample p.safetensors --prior {prior} --count 9 --out {prior}.png"
        ));
        sheets.push(std::fs::read(workshop.path(&format!("{prior}.png"))).unwrap());
    }
    assert!(sheets[0] != sheets[1] && sheets[1] != sheets[2] && sheets[0] != sheets[2]);
    workshop.succeed("sample m.safetensors --count 9 --out plain.png");
    assert_eq!(std::fs::read(workshop.path("plain.png")).unwrap(), sheets[0]);
    let message = workshop.fail("sample m.safetensors --prior mixture --out none.png");
    assert!(message.contains("no fitted prior"), "{message}");
}

#[test]
fn overwriting_the_input_other_data_and_invalid_numbers_of_components_are_refused() {
    let workshop = trained();
    workshop.write_fashion();
    for (arguments, words) in [
        (
            "prior m.safetensors --data mnist --out m.safetensors",
            "is an input",
        ),
        (
            "prior m.safetensors --data fashion-mnist --out p.safetensors",
            "the model was trained on MNIST",
        ),
        (
            "prior m.safetensors --data mnist --components 65 --out p.safetensors",
            "expected numbers from 1 to 64, separated by commas, or auto",
        ),
    ] {
        let message = workshop.fail(arguments);
        assert!(message.contains(words), "{message}");
    }
    assert!(!workshop.path("p.safetensors").exists());
}
