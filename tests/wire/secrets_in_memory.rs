//! Zeroized secrets: no password, no token and no encoding of them is left in the memory of a process after use. The
//! memory is searched from outside.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead, Write};
use std::os::unix::fs::{FileExt, PermissionsExt};

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE};
use dockline::model::{AuthConfig, SecretSpec, SecretString};
use dockline::*;
use zeroize::Zeroize;

use crate::support::*;

const TEST: &str = "secrets_in_memory::after_use";

/// Each secret has two halves, joined by a character that Go escapes in JSON.
const SECRETS: [[&str; 2]; 6] = [
    ["explicit-ZqvR81hX", "xWm4Pd0cTu-explicit"],
    ["infile-Jn63bsKe", "vYq9Lr2aHf-infile"],
    ["helper-Gd75mtUo", "cBz8Ws1eNi-helper"],
    ["token-Kp29hfAx", "rLc6Vn3oQj-token"],
    ["value-Tb84wyEs", "mXf5Gk7uDz-value"],
    ["swarm-Hc51qoBn", "sJt6Yw9iRk-swarm"],
];

fn secret(number: usize) -> String {
    SECRETS[number].join("&")
}

/// Masked, so that the process that receives it has no plain copy.
fn masked(text: &str) -> Vec<u8> {
    text.bytes().map(|byte| byte ^ 0x5a).collect()
}

/// The writable memory of a process.
fn memory(pid: u32) -> Vec<Vec<u8>> {
    let memory = File::open(format!("/proc/{pid}/mem")).unwrap();
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let ranges = maps.lines().filter_map(|line| {
        let (range, rest) = line.split_once(' ')?;
        let (start, end) = range.split_once('-')?;
        let number = |text| u64::from_str_radix(text, 16).unwrap();
        rest.starts_with("rw").then(|| (number(start), number(end)))
    });
    ranges
        .filter_map(|(start, end)| {
            let mut bytes = vec![0; (end - start) as usize];
            // Guard pages of stacks cannot be read.
            memory.read_exact_at(&mut bytes, start).ok().map(|()| bytes)
        })
        .collect()
}

/// The needles that the memory contains.
fn find_needles<'n>(memory: &[Vec<u8>], needles: &'n [(String, Vec<u8>)]) -> BTreeSet<&'n str> {
    let mut by_first = vec![Vec::new(); 256];
    for needle in needles {
        by_first[needle.1[0] as usize].push(needle);
    }
    let mut found = BTreeSet::new();
    for bytes in memory {
        for (at, first) in bytes.iter().enumerate() {
            for (name, needle) in &by_first[*first as usize] {
                if bytes[at..].starts_with(needle) {
                    found.insert(&**name);
                }
            }
        }
    }
    found
}

/// The halves of each secret, and base64 of the whole.
fn needles() -> Vec<(String, Vec<u8>)> {
    let mut needles = Vec::new();
    for (number, halves) in SECRETS.iter().enumerate() {
        for half in halves {
            needles.push((half.to_string(), half.as_bytes().to_vec()));
        }
        // In each of the three alignments of base64, without the ends, which depend on the context.
        for prefix in ["", "a", "ab"] {
            for alphabet in [BASE64_STANDARD, BASE64_URL_SAFE] {
                let encoded = alphabet.encode(format!("{prefix}{}", secret(number)));
                let inside = &encoded.as_bytes()[4..32];
                needles.push((format!("{} in base64", secret(number)), inside.to_vec()));
            }
        }
    }
    needles
}

#[test]
fn after_use() {
    if is_child() {
        return child();
    }
    let token = secret(3);
    let engine = Responder::unix(None, move |request| match request.path() {
        "/v1.41/auth" => {
            Response::json(format!(r#"{{"Status":"Login Succeeded","IdentityToken":"{token}"}}"#))
        }
        _ => Response::json("{}"),
    });
    let home = TempDir::new();
    let in_file = BASE64_STANDARD.encode(format!("ann:{}", secret(1)));
    home.write(
        ".docker/config.json",
        format!(r#"{{"auths": {{"file:1": {{"auth": "{in_file}"}}}}, "credHelpers": {{"helper:1": "keys"}}}}"#),
    );
    let [first, last] = SECRETS[2];
    let program = home.write(
        "bin/docker-credential-keys",
        format!("#!/bin/sh\nprintf '%s\\n' '{{\"Username\":\"ann\",\"Secret\":\"{first}\\u0026{last}\"}}'\n"),
    );
    fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
    home.write("explicit", masked(&secret(0)));
    home.write("value", masked(&secret(4)));
    home.write("swarm", masked(&secret(5)));
    let mut command = this_test(TEST);
    command.env("HOME", home.path()).env("PATH", home.join("bin")).env("ENGINE", engine.host());
    command.env_remove("DOCKER_CONFIG").env_remove("DOCKER_AUTH_CONFIG");
    let mut child = Process::interactive(&mut command);
    child.wait_stdout("secrets in use", LIMIT);
    let pid = child.pid();
    let needles = needles();
    let before = find_needles(&memory(pid), &needles);
    for number in [0, 1, 4, 5] {
        assert!(before.contains(SECRETS[number][0]), "the search finds nothing: {before:#?}");
    }
    child.write("go on\n");
    child.wait_stdout("secrets dropped", LIMIT);
    let after = memory(pid);
    child.write("end\n");
    child.wait(LIMIT).success();
    assert_eq!(find_needles(&after, &needles), BTreeSet::new(), "left in memory");

    // All secrets were used.
    let requests = engine.finish();
    let shown: Vec<_> = requests.iter().map(|request| format!("{request:?}")).collect();
    assert_eq!(requests.len(), 12, "{shown:#?}");
    let json = |request: &RecordedRequest, name| {
        let header = request.header(name)?;
        Some(String::from_utf8(BASE64_URL_SAFE.decode(header).unwrap()).unwrap())
    };
    for half in requests.chunks(6) {
        for (request, number) in half.iter().zip([0, 1, 2]) {
            assert!(json(request, "X-Registry-Auth").unwrap().contains(&secret(number)));
        }
        let all = json(&half[3], "X-Registry-Config").unwrap();
        assert!(all.contains(&secret(1)) && all.contains(&secret(2)));
        assert!(half[4].text().contains(&secret(0)));
        assert!(half[5].text().contains(&BASE64_STANDARD.encode(secret(5))));
    }
    let config = fs::read_to_string(home.join(".docker/config.json")).unwrap();
    assert!(config.contains(&format!("\"identitytoken\": \"{}\"", secret(3))), "{config}");
}

/// A masked file in plain, in a buffer of its exact size.
fn unmasked(file: &str) -> String {
    let home = std::env::var("HOME").unwrap();
    let masked = fs::read(format!("{home}/{file}")).unwrap();
    let mut plain = String::with_capacity(masked.len());
    plain.extend(masked.iter().map(|byte| (byte ^ 0x5a) as char));
    plain
}

fn child() {
    let mut input = std::io::stdin().lock().lines();
    let mut pause = |message: &str| {
        println!("{message}");
        std::io::stdout().flush().unwrap();
        input.next().unwrap().unwrap();
    };
    let host = std::env::var("ENGINE").unwrap();
    let builder = || Context::builder().host(&*host).api_version(ApiVersion::new(1, 41));
    let docker = builder().build().unwrap();
    let watched = builder().on_result(|result| assert_eq!(result.error, None)).build().unwrap();
    {
        let explicit = SecretString::from(unmasked("explicit"));
        let auth = AuthConfig {
            username: "ann".into(),
            password: explicit,
            serveraddress: "file".into(),
            ..Default::default()
        };
        let spec = SecretSpec {
            name: "s".into(),
            data: unmasked("swarm").into_bytes().into(),
            ..Default::default()
        };
        let mut value = Value::object();
        let mut text = unmasked("value");
        value.set("/password", Value::from(&*text)).unwrap();
        text.zeroize();
        let found = docker.credentials().find("file:1/app").unwrap();
        assert!(found.auth.is_some());
        pause("secrets in use");
        for docker in [&docker, &watched] {
            let pull = |image: &str, auth: Option<AuthConfig>| {
                let options =
                    ImageCreateOptions { from_image: image.into(), auth, ..Default::default() };
                docker.images().create(&options, None).unwrap().finish().unwrap();
            };
            pull("explicit:1/app", Some(auth.clone()));
            pull("file:1/app", None);
            pull("helper:1/app", None);
            let build = docker.images().build(&Default::default(), Some(&mut &b"tar"[..]));
            build.unwrap().finish().unwrap();
            docker
                .credentials()
                .login(&AuthConfig { serveraddress: "new:1".into(), ..auth.clone() })
                .unwrap();
            docker.secrets().create(&spec).unwrap();
        }
    }
    // The contexts and their connections live on.
    pause("secrets dropped");
    drop((docker, watched));
}

/// The private key of a TLS client is zeroized, too, except the copy that signs.
#[cfg(feature = "tls")]
#[test]
fn private_key() {
    const TEST: &str = "secrets_in_memory::private_key";
    if is_child() {
        let mut input = std::io::stdin().lock().lines();
        let mut pause = |message: &str| {
            println!("{message}");
            std::io::stdout().flush().unwrap();
            input.next().unwrap().unwrap();
        };
        let dir = std::env::var("DIR").unwrap();
        let file = |name| Some(Pem::file(format!("{dir}/{name}")));
        let open = |key| {
            let tls = Tls { cert: file("cert.pem"), key, skip_verify: true, ..Tls::default() };
            Context::builder().host("tcp://engine").tls(tls).build().unwrap()
        };
        let text = Pem::text(fs::read(format!("{dir}/key.pem")).unwrap());
        pause("key in use");
        let contexts = [open(Some(text)), open(file("key.pem"))];
        pause("secrets dropped");
        return drop(contexts);
    }
    let client = Authority::new().client();
    let dir = TempDir::new();
    let pem = client.key.serialize_pem();
    dir.write("cert.pem", &client.certificate);
    dir.write("key.pem", &pem);
    // The bytes of the key inside PKCS#8, and the part of them in each line of the PEM.
    let lines: Vec<_> = pem.lines().map(str::as_bytes).collect();
    let needles = [
        ("the key".to_owned(), client.key.serialize_der()[36..68].to_vec()),
        ("its first line".to_owned(), lines[1][48..].to_vec()),
        ("its second line".to_owned(), lines[2][..24].to_vec()),
    ];
    let mut command = this_test(TEST);
    let mut child = Process::interactive(command.env("DIR", dir.path()));
    child.wait_stdout("key in use", LIMIT);
    let before = find_needles(&memory(child.pid()), &needles).len();
    child.write("go on\n");
    child.wait_stdout("secrets dropped", LIMIT);
    let after = memory(child.pid());
    child.write("end\n");
    child.wait(LIMIT).success();
    assert_eq!(before, 2, "the search finds nothing");
    assert_eq!(find_needles(&after, &needles), BTreeSet::new(), "left in memory");
}
