//! Runs the samples that the surfaces' documents print, with host and credentials replaced.

use std::path::Path;
use std::process::{Command, Stdio};

fn works(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn skipped(what: &str) -> Option<String> {
    println!("skipped: {what}");
    None
}

/// Writes a script into a folder of its own, runs it there and answers what it printed.
fn run(
    program: &str,
    file: &str,
    text: &str,
    environment: &[(&str, &str)],
    prepare: impl Fn(&Path),
) -> String {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    std::fs::write(folder.path().join(file), text).unwrap();
    let output = Command::new(program)
        .arg(file)
        .envs(environment.iter().copied())
        .env("NO_PROXY", "*")
        .env("no_proxy", "*")
        .current_dir(folder.path())
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{program} {file}:\n{text}\n{printed}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    printed
}

/// What a shell prints; curl says nothing of its progress.
pub fn shell(text: &str, environment: &[(&str, &str)]) -> Option<String> {
    if !works("curl", &["--version"]) {
        return skipped("curl is not installed");
    }
    let text = text.replace("curl ", "curl -sS --fail-with-body ");
    Some(run("sh", "sample.sh", &text, environment, |_| {}))
}

/// What node prints; `axios` is there.
pub fn node(text: &str, environment: &[(&str, &str)]) -> Option<String> {
    if !works("node", &["--version"]) {
        return skipped("node is not installed");
    }
    Some(run("node", "sample.mjs", text, environment, |_| {}))
}

/// What node prints of TypeScript.
pub fn typescript(text: &str, environment: &[(&str, &str)]) -> Option<String> {
    const RUN: &str = "
        const fs = require('node:fs'), ts = require('typescript'), { execFileSync } = require('node:child_process');
        const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, strict: true };
        const made = ts.transpileModule(fs.readFileSync('sample.ts', 'utf8'), { compilerOptions: options });
        if (made.diagnostics.length) throw new Error(JSON.stringify(made.diagnostics));
        fs.writeFileSync('sample.mjs', made.outputText);
        execFileSync(process.execPath, ['sample.mjs'], { stdio: 'inherit' });
    ";
    let Some(modules) = std::env::var_os("DIARIO_NODE_MODULES") else {
        return skipped("DIARIO_NODE_MODULES is not set: there is no axios and no TypeScript");
    };
    Some(run("node", "run.cjs", RUN, environment, |folder| {
        std::fs::write(folder.join("sample.ts"), text).unwrap();
        std::os::unix::fs::symlink(&modules, folder.join("node_modules")).unwrap();
    }))
}

/// What Python prints; `requests` is there.
pub fn python(text: &str, environment: &[(&str, &str)]) -> Option<String> {
    let python = std::env::var("DIARIO_REQUESTS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    if !works(&python, &["-c", "import requests"]) {
        return skipped("python's requests is not installed");
    }
    Some(run(&python, "sample.py", text, environment, |_| {}))
}

/// What PHP prints; curl is there, and where a sample loads `vendor/autoload.php`, Guzzle as Debian packs it.
pub fn php(text: &str, environment: &[(&str, &str)]) -> Option<String> {
    const GUZZLE: &str = "/usr/share/php/GuzzleHttp/autoload.php";
    let needs_guzzle = text.contains("GuzzleHttp");
    if !works("php", &["-r", "exit(function_exists('curl_init') ? 0 : 1);"]) {
        return skipped("php with curl is not installed");
    }
    if needs_guzzle && !Path::new(GUZZLE).exists() {
        return skipped("Guzzle is not installed");
    }
    let text = if text.starts_with("<?php") { text.to_owned() } else { format!("<?php\n{text}") };
    Some(run("php", "sample.php", &text, environment, |folder| {
        std::fs::create_dir(folder.join("vendor")).unwrap();
        let loader = format!("<?php\nrequire '{GUZZLE}';\n");
        std::fs::write(folder.join("vendor/autoload.php"), loader).unwrap();
    }))
}

fn with_cases(program: &str, file: &str, text: &str, cases: &str) -> String {
    run(program, file, text, &[], |folder| std::fs::write(folder.join("cases.json"), cases).unwrap())
}

/// What node prints where `cases.json` lies beside the script.
pub fn node_with(text: &str, cases: &str) -> Option<String> {
    if !works("node", &["--version"]) {
        return skipped("node is not installed");
    }
    Some(with_cases("node", "sample.mjs", text, cases))
}

/// What Python prints that has `standardwebhooks`, likewise.
pub fn python_with_webhooks(text: &str, cases: &str) -> Option<String> {
    let python = std::env::var("DIARIO_STANDARDWEBHOOKS_PYTHON").ok().filter(|path| !path.is_empty());
    let Some(python) = python else {
        return skipped("DIARIO_STANDARDWEBHOOKS_PYTHON is not set");
    };
    Some(with_cases(&python, "sample.py", text, cases))
}

/// What PHP prints, likewise.
pub fn php_with(text: &str, cases: &str) -> Option<String> {
    if !works("php", &["--version"]) {
        return skipped("php is not installed");
    }
    Some(with_cases("php", "sample.php", &format!("<?php\n{text}"), cases))
}
