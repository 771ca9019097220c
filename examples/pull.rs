//! Pulls an image with a progress bar for each layer, as `docker pull` does.
//!
//!     cargo run --example pull IMAGE
//!
//! REGISTRY_USER and REGISTRY_PASSWORD are the credentials for the registry. Unless set, those of
//! `docker login` are used, if any.

use std::collections::HashMap;
use std::env;
use std::process::ExitCode;

use dockline::model::AuthConfig;
use dockline::{Context, ImageCreateOptions, Result};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

fn main() -> ExitCode {
    let Some(image) = env::args().nth(1) else {
        eprintln!("usage: pull IMAGE");
        return ExitCode::from(2);
    };
    match pull(&image) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pull: {error}");
            ExitCode::FAILURE
        }
    }
}

fn pull(image: &str) -> Result<()> {
    let docker = Context::from_env()?;
    let options = ImageCreateOptions {
        from_image: image.to_owned(),
        auth: credentials(),
        ..Default::default()
    };
    let screen = MultiProgress::new();
    let style =
        ProgressStyle::with_template("{prefix:12} {msg:24} {bar:30} {bytes:>10} / {total_bytes}")
            .expect("the template is well-formed");
    let mut bars = HashMap::new();
    for message in docker.images().create(&options, None)? {
        let message = message?;
        if message.progress_detail.total <= 0 && !bars.contains_key(&message.id) {
            let _ = screen.println(format!("{} {}", message.id, message.status).trim_start());
            continue;
        }
        let bar: &ProgressBar = bars.entry(message.id.clone()).or_insert_with(|| {
            screen
                .add(ProgressBar::new(0).with_style(style.clone()).with_prefix(message.id.clone()))
        });
        bar.set_message(message.status);
        if message.progress_detail.total > 0 {
            bar.set_length(message.progress_detail.total as u64);
            bar.set_position(message.progress_detail.current as u64);
        }
    }
    bars.values().for_each(ProgressBar::abandon);
    Ok(())
}

fn credentials() -> Option<AuthConfig> {
    let username = env::var("REGISTRY_USER").ok()?;
    let password = env::var("REGISTRY_PASSWORD").ok()?.into();
    Some(AuthConfig { username, password, ..Default::default() })
}
