import { describe, expect, it } from "vitest";
import { startsIn } from "../../dist/src/cli/doctor/starts/app-starts.js";
import { directoryWith } from "../config/helpers.js";

// Wherever NODE_OPTIONS counts, FLUSHGUARD and FLUSHGUARD_TARGETS count.

type Files = Record<string, string>;
/** Sets a variable to a value, for a command. */
type Form = (name: string, value: string, command: string) => Files;

const list = (command: string) => JSON.stringify(command.split(" "));
const scripts = (start: string, others: Files = {}): Files => ({
  "package.json": JSON.stringify({ scripts: { start } }),
  ...others,
});
const shell = (lines: string, command: string, others: Files = {}): Files =>
  scripts("./run.sh", { "run.sh": `#!/bin/sh\n${lines}\nexec ${command}\n`, ...others });
const compose = (lines: string, command: string): Files => ({
  "compose.yaml": `services:\n  web:\n    image: a\n    command: ${command}\n${lines}\n`,
});
const pod = (lines: string, command: string): Files => ({
  "pod.yaml": `kind: Pod\nspec:\n  containers:\n    - name: a\n      image: a\n      command: ${list(command)}\n${lines}\n`,
});
const image = (lines: string): Files => ({ Dockerfile: `FROM node\n${lines}\n` });
const unit = (lines: string, command: string): Files => ({
  "a.service": `[Service]\nWorkingDirectory=/srv\n${lines}\nExecStart=/usr/bin/${command}\n`,
});

const FORMS: Record<string, Form> = {
  "a script": (name, value, command) => scripts(`${name}="${value}" ${command}`),
  "cross-env": (name, value, command) => scripts(`cross-env ${name}="${value}" ${command}`),
  "a file of variables by env-cmd": (name, value, command) =>
    scripts(`env-cmd -f b.env ${command}`, { "b.env": `${name}="${value}"\n` }),
  "an export": (name, value, command) => scripts(`export ${name}="${value}" && ${command}`),
  "a shell's script": (name, value, command) => shell(`export ${name}="${value}"`, command),
  "a function of one": (name, value, command) => shell(`f() {\n  export ${name}="${value}"\n}\nf`, command),
  "a file that one reads": (name, value, command) =>
    shell("set -a\n. ./b.env\nset +a", command, { "b.env": `${name}="${value}"\n` }),
  "an image": (name, value, command) => image(`ENV ${name}="${value}"\nCMD ${list(command)}`),
  "an argument of one": (name, value, command) => image(`ARG A="${value}"\nENV ${name}=$A\nCMD ${list(command)}`),
  "the stage that one is from": (name, value, command) => ({
    Dockerfile: `FROM node AS b\nENV ${name}="${value}"\nFROM b\nCMD ${list(command)}\n`,
  }),
  "a script that an image hands on to": (name, value, command) => ({
    ...image(`ENTRYPOINT ["./e.sh"]\nCMD ${list(command)}`),
    "e.sh": `#!/bin/sh\nexport ${name}="${value}"\nexec "$@"\n`,
  }),
  "a service's mapping": (name, value, command) => compose(`    environment:\n      ${name}: "${value}"`, command),
  "a service's list": (name, value, command) => compose(`    environment:\n      - ${name}=${value}`, command),
  "a service's braces": (name, value, command) => compose(`    environment: { ${name}: "${value}" }`, command),
  "a service's file": (name, value, command) => ({
    ...compose("    env_file: b.env", command),
    "b.env": `${name}=${value}\n`,
  }),
  "a variable of a service": (name, value, command) => ({
    ...compose(`    environment:\n      ${name}: \${A}`, command),
    ".env": `A=${value}\n`,
  }),
  "what is merged into a service": (name, value, command) => ({
    "compose.yaml": `x-a: &a\n  environment:\n    ${name}: "${value}"\nservices:\n  web:\n    <<: *a\n    command: ${command}\n`,
  }),
  "what is laid over compose": (name, value, command) => ({
    ...compose("", command),
    "compose.override.yaml": `services:\n  web:\n    environment:\n      ${name}: "${value}"\n`,
  }),
  "a container's list": (name, value, command) =>
    pod(`      env:\n        - name: ${name}\n          value: "${value}"`, command),
  "a container's braces": (name, value, command) =>
    pod(`      env: [{ "name": "${name}", "value": "${value}" }]`, command),
  "a container's map": (name, value, command) => ({
    ...pod("      envFrom:\n        - configMapRef: { name: m }", command),
    "map.yaml": `kind: ConfigMap\nmetadata: { name: m }\ndata:\n  ${name}: "${value}"\n`,
  }),
  "a unit": (name, value, command) => unit(`Environment="${name}=${value}"`, command),
  "a drop-in": (name, value, command) => ({
    ...unit("", command),
    "a.service.d/b.conf": `[Service]\nEnvironment="${name}=${value}"\n`,
  }),
  supervisord: (name, value, command) => ({
    "supervisord.conf": `[program:a]\ncommand=${command}\nenvironment=${name}="${value}"\n`,
  }),
  "a file of a Procfile": (name, value, command) => ({
    ...scripts("nf start"),
    Procfile: `web: ${command}\n`,
    ".env": `${name}=${value}\n`,
  }),
  Fly: (name, value, command) => ({ "fly.toml": `[env]\n  ${name} = "${value}"\n[processes]\n  app = "${command}"\n` }),
  Render: (name, value, command) => ({
    "render.yaml": `services:\n  - type: web\n    startCommand: ${command}\n    envVars:\n      - fromGroup: g\nenvVarGroups:\n  - name: g\n    envVars:\n      - key: ${name}\n        value: "${value}"\n`,
  }),
  "App Engine": (name, value, command) => ({
    "app.yaml": `runtime: nodejs22\nentrypoint: ${command}\nenv_variables:\n  ${name}: "${value}"\n`,
  }),
  "Cloud Foundry": (name, value, command) => ({
    "manifest.yml": `applications:\n  - command: ${command}\n    env:\n      ${name}: "${value}"\n`,
  }),
};

const OPTIONS = "--import flushguard/register";
const GUARDED = `node ${OPTIONS} a.js`;
const preloaded = (files: Files) => startsIn(directoryWith(files), undefined, () => ["hot-shots"]).preloaded;

describe.each(Object.entries(FORMS))("%s", (_, form) => {
  it("counts as it does for NODE_OPTIONS", () => {
    expect({
      options: preloaded(form("NODE_OPTIONS", OPTIONS, "node a.js")),
      on: preloaded(form("FLUSHGUARD", "on", GUARDED)),
      off: preloaded(form("FLUSHGUARD", "off", GUARDED)),
      targets: preloaded(form("FLUSHGUARD_TARGETS", "-hot-shots", GUARDED)),
    }).toEqual({ options: true, on: true, off: false, targets: false });
  });
});
