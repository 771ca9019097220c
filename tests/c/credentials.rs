//! C programs with registry credentials.

use crate::c_program::in_all_modes;
use crate::programs::engine;
use crate::support::{Expected, Response, TempDir};

#[test]
fn credentials() {
    in_all_modes("credentials", |program| {
        let home = TempDir::new();
        let config = home.write(
            ".docker/config.json",
            // ann:secret
            r#"{"auths":{"r:5000":{"auth":"YW5uOnNlY3JldA=="}},"credHelpers":{"h:5000":"missing"}}"#,
        );
        let pull = |image: &str| {
            Expected::new(&format!("POST /v1.41/images/create?fromImage={image}&tag=latest"))
        };
        let success = || Response::json("{}");
        let auth = |password: &str| {
            let json = format!(
                r#"{{"username":"ann","password":"{password}","serveraddress":"https://index.docker.io/v1/"}}"#
            );
            Expected::new("POST /v1.41/auth").json(&json)
        };
        let engine = engine();
        engine
            .accept()
            .exchange_for(
                // {"username":"ann","password":"secret","serveraddress":"r:5000"}
                pull("r:5000/app").header(
                    "x-registry-auth",
                    "eyJ1c2VybmFtZSI6ImFubiIsInBhc3N3b3JkIjoic2VjcmV0Iiwic2VydmVyYWRkcmVzcyI6InI6NTAwMCJ9",
                ),
                success(),
            )
            .accept()
            .exchange_for(pull("h:5000/app").without("x-registry-auth"), success())
            .accept()
            .exchange_for(pull("r:5000/app").without("x-registry-auth"), success())
            .accept()
            .exchange_for(pull("r:5000/app").without("x-registry-auth"), success())
            .accept()
            .exchange_for(
                // {"registrytoken":"own"}
                pull("busybox").header("x-registry-auth", "eyJyZWdpc3RyeXRva2VuIjoib3duIn0="),
                success(),
            )
            .accept()
            .exchange_for(auth("secret"), Response::json(r#"{"Status":"Login Succeeded"}"#))
            .exchange_for(auth("wrong"), Response::error(401, "unauthorized"))
            .exchange_for(
                Expected::new("POST /v1.41/auth").any_body(),
                Response::json(r#"{"Status":"Login Succeeded"}"#),
            );
        let program = program.env("HOME", home.path().to_str().unwrap());
        program.arg(&engine.host()).arg(config.to_str().unwrap()).run().success();
        engine.finish();
    });
}
