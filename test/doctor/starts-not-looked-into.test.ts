import { describe, expect, it } from "vitest";
import { startsIn } from "../../dist/src/cli/doctor/starts/app-starts.js";
import { directoryWith } from "../config/helpers.js";

// What starts an app in a way that nothing here tells of, beside files that have the preload.

type Files = Record<string, string>;

const P = "--import flushguard/register";
const scripts = (all: Record<string, string>): Files => ({ "package.json": JSON.stringify({ scripts: all }) });
const GUARDED = scripts({ start: `node ${P} a.js` });
const image = (lines: string): Files => ({ Dockerfile: `FROM node\n${lines}\n` });
const BY_COMMAND = image('CMD ["node","--import","flushguard/register","a.js"]');
const BY_VARIABLE = image(`ENV NODE_OPTIONS="${P}"\nCMD ["node","a.js"]`);
const pods = (...containers: string[]) =>
  `kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n${containers.map((lines) => `        - image: a\n${lines}`).join("")}`;
const WITH = '          command: ["node","--import","flushguard/register","a.js"]\n';
const WITHOUT = '          command: ["node","a.js"]\n';
const PROXY = '          command: ["/cloud_sql_proxy"]\n';
const OPTIONS = (value: string) => `          env:\n            - name: NODE_OPTIONS\n              ${value}\n`;
const TEMPLATE = "            {{- toYaml .Values.env | nindent 12 }}\n";
const compose = (lines: string): Files => ({ "compose.yaml": `services:\n  a:\n${lines}` });
const preload = (code: string): Files => ({ ...scripts({ start: "node -r ./p.cjs a.js" }), "p.cjs": code });
const launcher = (code: string, start = `node ${P} a.js`): Files => ({ ...scripts({ start }), "a.js": code });
const STAGES = `FROM node AS plain\nCMD ["node","a.js"]\nFROM plain AS guarded\nENV NODE_OPTIONS="${P}"\n`;
const workflow = (target: string): Files => ({
  ".github/workflows/a.yml": `jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          target: ${target}\n`,
});
const bySystemd = (lines: string): Files => ({ "a.service": `[Service]\n${lines}\n` });

describe("guarded", () => {
  it.each<[string, Files]>([
    [
      "Cloud Foundry",
      { "manifest.yml": `applications:\n  - command: node a.js\n    env:\n      NODE_OPTIONS: ${P}\n` },
    ],
    ["a manifest of something else", { ...GUARDED, "manifest.yml": "icons:\n  - a\n" }],
    ["Terraform without a program", { ...BY_COMMAND, "infra/a.tf": 'resource "aws_s3_bucket" "a" {}\n' }],
    ["Netlify for pages", { ...GUARDED, "netlify.toml": '[build]\n  publish = "a"\n' }],
    ["Firebase for pages", { ...GUARDED, "firebase.json": '{"hosting":{}}' }],
    ["a container beside the app's", { "k8s/a.yaml": pods(WITH, PROXY) }],
    ["one beside the app's image as it is", { ...BY_COMMAND, "k8s/a.yaml": pods("", PROXY) }],
    [
      "a server of another's beside the app",
      { ...BY_COMMAND, ...compose("    build: .\n  b:\n    image: kafka\n    command: /etc/kafka/run\n") },
    ],
    ["a task of systemd", { ...GUARDED, "b.service": "[Service]\nType=oneshot\nExecStart=/usr/local/bin/dump\n" }],
    ["docker by systemd", { ...BY_COMMAND, ...bySystemd("ExecStart=/usr/bin/docker run --rm a") }],
    ["a migration in a Procfile", { ...GUARDED, Procfile: "web: npm start\nmigrate: ./bin/migrate\n" }],
    ["an init for images", image('ENTRYPOINT ["/tini","--"]\nCMD ["node","--import","flushguard/register","a.js"]')],
    ["a test stage of a workflow", { Dockerfile: STAGES, ...workflow("test") }],
    ["the guarded stage of a workflow", { Dockerfile: STAGES, ...workflow("guarded") }],
    [
      "one option in quotes",
      compose(`    command: node a.js\n    environment:\n      - NODE_OPTIONS="${P.replace(" ", "=")}"\n`),
    ],
    [
      "variables of a template beside the options of a command",
      { "k8s/a.yaml": pods(`${WITH}          env:\n${TEMPLATE}`) },
    ],
    [
      "a patch that adds another variable",
      { "k8s/a.yaml": pods(WITH), "k8s/b/c.yaml": pods(OPTIONS("value: x").replace("NODE_OPTIONS", "A")) },
    ],
    [
      "a file that loads it behind another",
      preload('"use strict";const a = require("a");require("flushguard/register");'),
    ],
    ["one that keeps what it loads", preload('const a = require("flushguard/register");\n')],
    ["one that tries", preload('try {\n  require("flushguard/register");\n} catch {}\n')],
    ["one that tries on a line", preload('try { require("flushguard/register"); } catch {}\n')],
    [
      "one with names on several lines",
      {
        ...scripts({ start: "node --import ./p.mjs a.js" }),
        "p.mjs": 'import {\n  a,\n} from "./q.mjs";\n',
        "q.mjs": 'export * from "flushguard/register";\n',
      },
    ],
    ["a launcher that forks", launcher('fork("b.js");')],
    ["a launcher that hands on", launcher('spawn(process.execPath, [...process.execArgv, "b.js"]);')],
    ["a launcher with the variable", launcher('spawn("node", ["b.js"]);', `NODE_OPTIONS="${P}" node a.js`)],
    ["a program of another language", launcher('spawn("python3", ["b.py"]);')],
    ["pm2 with options of its own", scripts({ start: `pm2 start a.js -i 4 --node-args="${P}"` })],
    [
      "a unit in the root, with a path",
      bySystemd("ExecStart=/usr/bin/node --import file:///srv/node_modules/flushguard/dist/register.js /srv/a.js"),
    ],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect({ places, preloaded }).toMatchObject({ preloaded: true });
  });
});

describe("counts as without the preload", () => {
  it.each<[string, Files]>([
    ["Vercel", { ...GUARDED, "vercel.json": "{}" }],
    ["Netlify's functions", { ...GUARDED, "netlify.toml": '[functions]\n  directory = "a"\n' }],
    ["Firebase's functions", { ...GUARDED, "firebase.json": '{"functions":{}}' }],
    ["Azure's functions", { ...GUARDED, "host.json": '{"version":"2.0"}' }],
    ["App Runner", { ...GUARDED, "apprunner.yaml": "run:\n  command: node a.js\n" }],
    [
      "Terraform",
      { ...BY_COMMAND, "infra/a.tf": 'container_definitions = jsonencode([{ command = ["node", "a.js"] }])\n' },
    ],
    ["Terraform in a folder of its own", { ...BY_COMMAND, "terraform/a.tf": 'handler = "a.b"\n' }],
    ["SST", { ...GUARDED, "sst.config.ts": "" }],
    ["a container of Podman's", { ...BY_COMMAND, "a.container": "[Container]\nExec=node a.js\n" }],
    ["launchd", { ...GUARDED, "a.plist": "<key>ProgramArguments</key>" }],
    ["Cloud Foundry without it", { ...GUARDED, "manifest.yml": "applications:\n  - command: node a.js\n" }],
    ["functions of Serverless in images", { ...BY_COMMAND, "serverless.yml": "functions:\n  a:\n    image: a\n" }],
    ["make in a Procfile", { ...GUARDED, Procfile: "web: make run\n" }],
    ["a program that is not here beside the app", { ...GUARDED, Procfile: "web: npm start\nworker: ./bin/worker\n" }],
    ["a program of systemd's", { ...GUARDED, ...bySystemd("WorkingDirectory=/srv\nExecStart=/usr/local/bin/run") }],
    ["a program of supervisord's", { ...GUARDED, "supervisord.conf": "[program:a]\ncommand=/app/run\n" }],
    ["a program of Render's", { ...GUARDED, "render.yaml": "services:\n  - startCommand: ./run.sh\n" }],
    ["a program of Fly's", { ...BY_COMMAND, "fly.toml": '[processes]\n  web = "/app/run"\n' }],
    ["a program of Heroku's", { ...GUARDED, "heroku.yml": "run:\n  web: /app/run\n" }],
    [
      "a program of compose for the image of the app",
      { ...BY_COMMAND, ...compose('    build: .\n    command: ["/app/run"]\n') },
    ],
    ["the only program of Kubernetes", { ...BY_COMMAND, "k8s/a.yaml": pods('          command: ["/app/run"]\n') }],
    [
      "an entry point that is not here",
      image('ENTRYPOINT ["/opt/entry"]\nCMD ["node","--import","flushguard/register","a.js"]'),
    ],
    [
      "one that the image writes",
      image(
        `ENV NODE_OPTIONS="${P}"\nCOPY <<"EOT" /start\n#!/bin/sh\nunset NODE_OPTIONS\nexec "$@"\nEOT\nENTRYPOINT ["/start"]\nCMD ["node","a.js"]`,
      ),
    ],
    [
      "one of Kubernetes",
      {
        "k8s/a.yaml": pods(
          '          command: ["/opt/entry"]\n          args: ["node","--import","flushguard/register","a.js"]\n',
        ),
      },
    ],
    ["another stage of a workflow", { Dockerfile: STAGES, ...workflow("plain") }],
    [
      "another stage of a bake file",
      { Dockerfile: STAGES, "docker-bake.hcl": 'target "a" {\n  target = "plain"\n}\n' },
    ],
    [
      "another stage of a bake file in JSON",
      { Dockerfile: STAGES, "docker-bake.json": '{"target":{"a":{"target":"plain"}}}' },
    ],
    ["another stage of Fly's", { Dockerfile: STAGES, "fly.toml": '[build]\n  build-target = "plain"\n' }],
    [
      "the last stage beside a guarded one of a workflow",
      {
        Dockerfile: `FROM node AS dev\nENV NODE_OPTIONS="${P}"\nCMD node a.js\nFROM node\nCMD node a.js\n`,
        ...workflow("dev"),
      },
    ],
    [
      "several options in quotes, in a list",
      compose(`    command: node a.js\n    environment:\n      - NODE_OPTIONS="${P}"\n`),
    ],
    ["the same in a mapping", compose(`    command: node a.js\n    environment:\n      NODE_OPTIONS: "'${P}'"\n`)],
    ["the same of Kubernetes", { "k8s/a.yaml": pods(`${WITHOUT}${OPTIONS(`value: '"${P}"'`)}`) }],
    [
      "an argument for the build of an image",
      {
        ...image("ARG NODE_OPTIONS\nCMD node a.js"),
        ...compose(`    build:\n      args:\n        NODE_OPTIONS: ${P}\n`),
      },
    ],
    ["a label", { ...image("CMD node a.js"), ...compose(`    build: .\n    labels:\n      NODE_OPTIONS: ${P}\n`) }],
    [
      "a patch that takes the variable away",
      { "k8s/a.yaml": pods(`${WITHOUT}${OPTIONS(`value: ${P}`)}`), "k8s/b/c.yaml": pods(OPTIONS("$patch: delete")) },
    ],
    ["variables of a template", { ...BY_VARIABLE, "chart/templates/a.yaml": pods(`          env:\n${TEMPLATE}`) }],
    [
      "variables of a template behind the options",
      { "chart/templates/a.yaml": pods(`${WITHOUT}${OPTIONS(`value: ${P}`)}${TEMPLATE}`) },
    ],
    [
      "a command of a template",
      { ...BY_COMMAND, "chart/templates/a.yaml": pods("          command: {{ .Values.command | toJson }}\n") },
    ],
    [
      "a default of Serverless",
      {
        "serverless.yml": `provider:\n  environment:\n    NODE_OPTIONS: \${env:A, '${P}'}\nfunctions:\n  a:\n    handler: a.b\n`,
      },
    ],
    ["a preload behind a condition", preload('if (process.env.A)\n  require("flushguard/register");\n')],
    ["one behind an operator", preload('process.env.A && require("flushguard/register");\n')],
    ["one in a function", preload('exports.on = () => {\n  require("flushguard/register");\n};\n')],
    ["one for what fails", preload('try {\n  require("a");\n} catch {\n  require("flushguard/register");\n}\n')],
    ["one behind an end", preload('if (process.env.A) return;\nrequire("flushguard/register");\n')],
    ["one in a string", preload("console.log(\"import 'flushguard/register'\");\n")],
    ["a launcher of Node", launcher('spawn("node", ["b.js"]);')],
    ["a launcher of the same Node", launcher('spawn(process.execPath, ["b.js"]);')],
    ["a launcher of a script", launcher('exec("npm run b");')],
    ["a cluster with options of its own", launcher('cluster.setupPrimary({ exec: "b.js", execArgv: [] });')],
    ["pm2's cluster by a variable", scripts({ start: `NODE_OPTIONS="${P}" pm2 start a.js -i 4` })],
    ["a unit in the root, by a name", bySystemd(`ExecStart=/usr/bin/node ${P} /srv/a.js`)],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect({ places, preloaded }).toMatchObject({ preloaded: false });
  });
});
