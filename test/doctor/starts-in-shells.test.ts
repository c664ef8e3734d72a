import { describe, expect, it } from "vitest";
import { startsIn } from "../../dist/src/cli/doctor/starts/app-starts.js";
import { directoryWith } from "../config/helpers.js";

// What starts the app by way of shells, scripts and what runs several scripts.

const P = "--import flushguard/register";
const O = `NODE_OPTIONS="${P}"`;
const s = (scripts: Record<string, string>) => ({ "package.json": JSON.stringify({ scripts }) });
const k8 = (containers: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n${containers}`;
const list = '["node","--import","flushguard/register","a.js"]';
const node = `#!/bin/sh\nset -e\n\nif [ "\${1#-}" != "\${1}" ] || [ -z "$(command -v "\${1}")" ]; then\n  set -- node "$@"\nfi\n\nexec "$@"\n`;
const waitForIt = `#!/usr/bin/env bash\nwhile [[ $# -gt 0 ]]; do\n  case "$1" in\n    --)\n    shift\n    WAITFORIT_CLI=("$@")\n    break\n    ;;\n  esac\ndone\nif [[ $WAITFORIT_CLI != "" ]]; then\n    exec "\${WAITFORIT_CLI[@]}"\nfi\n`;

type Files = Record<string, string>;

describe("guarded", () => {
  it.each<[string, Files]>([
    [
      "exec for its output only, and what is waited for",
      {
        ...s({ start: "./s.sh" }),
        "s.sh": `#!/bin/sh\nexec 2>&1\nnode m.js || exit 1\nexec node ${P} a.js\n`,
      },
    ],
    ["sh -c both", s({ start: `sh -c "node ${P} a.js & node ${P} b.js"` })],
    ["two subshells ok", s({ start: `(node ${P} a.js) & (node ${P} b.js) & wait` })],
    ["variable before sh -c", s({ start: `${O} sh -c 'node a.js & node b.js'` })],
    [
      "concurrently npm:* all ok",
      s({ start: 'concurrently "npm:run:*"', "run:a": `node ${P} a.js`, "run:b": `node ${P} b.js` }),
    ],
    ["run-p ok", s({ start: "run-p serve worker", serve: `node ${P} a.js`, worker: `node ${P} b.js` })],
    ["run-p glob ok", s({ start: "run-p serve:*", "serve:a": `node ${P} a.js`, "serve:b": `node ${P} b.js` })],
    [
      "npm-run-all -p glob ok",
      s({ start: "npm-run-all --parallel serve:*", "serve:a": `node ${P} a.js`, "serve:b": `node ${P} b.js` }),
    ],
    ["npm-run-all seq", s({ start: "npm-run-all build serve", build: "tsc", serve: `node ${P} a.js` })],
    ["run-s seq", s({ start: "run-s build serve", build: "tsc", serve: `node ${P} a.js` })],
    ["run-s seq migrate", s({ start: "run-s migrate serve", migrate: "node m.js", serve: `node ${P} a.js` })],
    [
      "ENTRYPOINT script adds",
      {
        Dockerfile: `FROM node\nENTRYPOINT ["./e.sh"]\nCMD ["node","a.js"]\n`,
        "e.sh": `#!/bin/sh\nexport ${O}\nexec "$@"\n`,
      },
    ],
    [
      "ENTRYPOINT script keeps and adds",
      {
        Dockerfile: `FROM node\nENV ${O}\nENTRYPOINT ["./e.sh"]\nCMD ["node","a.js"]\n`,
        "e.sh": `#!/bin/sh\nexport NODE_OPTIONS="$NODE_OPTIONS --max-old-space-size=1"\nexec "$@"\n`,
      },
    ],
    [
      "ENTRYPOINT script su-exec",
      {
        Dockerfile: `FROM node\nENV ${O}\nENTRYPOINT ["./e.sh"]\nCMD ["node","a.js"]\n`,
        "e.sh": `#!/bin/sh\nexec su-exec node "$@"\n`,
      },
    ],
    [
      "ENTRYPOINT script starts its own node, with",
      { Dockerfile: `FROM node\nENTRYPOINT ["./e.sh"]\nCMD ["serve"]\n`, "e.sh": `#!/bin/sh\nexec node ${P} a.js\n` },
    ],
    ["CMD shell with ENV var", { Dockerfile: `FROM node\nENV OPTS="${P}"\nCMD node $OPTS a.js\n` }],
    [
      "shell array",
      {
        ...s({ start: "./s.sh" }),
        "s.sh": `#!/bin/bash\nOPTS=(--import flushguard/register)\nexec node "\${OPTS[@]}" a.js\n`,
      },
    ],
    ["nodemon env", { ...s({ start: "nodemon a.js" }), "nodemon.json": JSON.stringify({ env: { NODE_OPTIONS: P } }) }],
    [
      "nodemon env lines",
      { ...s({ start: "nodemon a.js" }), "nodemon.json": JSON.stringify({ env: { NODE_OPTIONS: P } }, null, 2) },
    ],
    [
      "nodemon env with exec",
      {
        ...s({ start: "nodemon a.js" }),
        "nodemon.json": JSON.stringify({ exec: "node --enable-source-maps", env: { NODE_OPTIONS: P } }),
      },
    ],
    [
      "nodemonConfig exec",
      { "package.json": JSON.stringify({ scripts: { start: "nodemon a.js" }, nodemonConfig: { exec: `node ${P}` } }) },
    ],
    [
      "nodemonConfig env",
      {
        "package.json": JSON.stringify({
          scripts: { start: "nodemon a.js" },
          nodemonConfig: { env: { NODE_OPTIONS: P } },
        }),
      },
    ],
    [
      "nodemon own config",
      { ...s({ start: "nodemon --config nm.json a.js" }), "nm.json": JSON.stringify({ exec: `node ${P}` }) },
    ],
    ["nodemon own options", s({ start: `nodemon ${P} a.js` })],
    [
      "nodemon nodeArgs",
      {
        ...s({ start: "nodemon a.js" }),
        "nodemon.json": JSON.stringify({ nodeArgs: ["--import", "flushguard/register"] }),
      },
    ],
    [
      "nodemon execMap js",
      { ...s({ start: "nodemon a.js" }), "nodemon.json": JSON.stringify({ execMap: { js: `node ${P}` } }) },
    ],
    [
      "sh source file",
      { ...s({ start: "./s.sh" }), "s.sh": `#!/bin/sh\nset -a\n. ./env.sh\nexec node a.js\n`, "env.sh": `${O}\n` },
    ],
    [
      "sh source file export",
      { ...s({ start: "./s.sh" }), "s.sh": `#!/bin/sh\nsource ./env.sh\nexec node a.js\n`, "env.sh": `export ${O}\n` },
    ],
    [
      "official entrypoint, in folder",
      { Dockerfile: `FROM node\nENTRYPOINT ["docker-entrypoint.sh"]\nCMD ${list}\n`, "docker-entrypoint.sh": node },
    ],
    [
      "chown + su-exec self",
      {
        Dockerfile: `FROM node\nENTRYPOINT ["./e.sh"]\nCMD ${list}\n`,
        "e.sh":
          '#!/bin/sh\nif [ "$1" = "node" ] && [ "$(id -u)" = "0" ]; then\n  chown -R node .\n  exec su-exec node "$0" "$@"\nfi\nexec "$@"\n',
      },
    ],
    [
      "wait-for-it before",
      {
        Dockerfile: `FROM node\nCMD ["./wait-for-it.sh","db:5432","--","node","--import","flushguard/register","a.js"]\n`,
        "wait-for-it.sh": waitForIt,
      },
    ],
    [
      "start.sh typical",
      {
        Dockerfile: `FROM node\nCMD ["sh","start.sh"]\n`,
        "start.sh": `#!/bin/sh\nset -e\necho "starting node a.js"\nnpx prisma migrate deploy\nnode scripts/seed.js\nexec node ${P} a.js\n`,
      },
    ],
    [
      "start.sh runs other script first",
      {
        Dockerfile: `FROM node\nCMD ["./start.sh"]\n`,
        "start.sh": `#!/bin/sh\n./m.sh\nexec node ${P} a.js\n`,
        "m.sh": "#!/bin/sh\nnode m.js\n",
      },
    ],
    [
      "start.sh set -a .env",
      {
        Dockerfile: `FROM node\nCMD ["./start.sh"]\n`,
        "start.sh": `#!/bin/sh\nset -a\n. ./.env\nset +a\nexec node a.js\n`,
        ".env": `NODE_OPTIONS="${P}"\n`,
      },
    ],
    [
      "start.sh var append",
      {
        Dockerfile: `FROM node\nCMD ["./start.sh"]\n`,
        "start.sh": `#!/bin/sh\nOPTS="${P}"\nOPTS="$OPTS --enable-source-maps"\nexec node $OPTS a.js\n`,
      },
    ],
    [
      "start.sh var append bash",
      {
        Dockerfile: `FROM node\nCMD ["./start.sh"]\n`,
        "start.sh": `#!/bin/bash\nOPTS="${P}"\nOPTS+=" --enable-source-maps"\nexec node $OPTS a.js\n`,
      },
    ],
    [
      "start.sh exported var in inner shell",
      {
        Dockerfile: `FROM node\nCMD ["./start.sh"]\n`,
        "start.sh": `#!/bin/sh\nexport OPTS="${P}"\nexec sh -c "node $OPTS a.js"\n`,
      },
    ],
    [
      "nodemon -w src a.js, env",
      { ...s({ start: "nodemon -w src a.js" }), "nodemon.json": JSON.stringify({ env: { NODE_OPTIONS: P } }) },
    ],
    ["run-p with variable", s({ start: `${O} run-p a b`, a: "node a.js", b: "node b.js" })],
    ["run-p with args", s({ start: `run-p "a -- --port {1}" b --`, a: `node ${P} a.js`, b: `node ${P} b.js` })],
    ["npm-run-all seq first goes on?", s({ start: `npm-run-all a b`, a: `node m.js`, b: `node ${P} b.js` })],
    [
      "gosu node node P",
      { Dockerfile: `FROM node\nCMD ["gosu","node","node","--import","flushguard/register","a.js"]\n` },
    ],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect({ places, preloaded }).toMatchObject({ preloaded: true });
  });
});

describe("not guarded", () => {
  it.each<[string, Files]>([
    [
      "a condition on one line, with exec",
      { ...s({ start: "./s.sh" }), "s.sh": `#!/bin/sh\n[ -n "$W" ] && exec node w.js\nexec node ${P} a.js\n` },
    ],
    [
      "a condition on one line, whole",
      {
        ...s({ start: "./s.sh" }),
        "s.sh": `#!/bin/sh\nif [ -n "$W" ]; then exec node w.js; fi\nexec node ${P} a.js\n`,
      },
    ],
    ["sh -c a & b", s({ start: `sh -c "node ${P} a.js & node b.js"` })],
    ["sh -c a & b & wait", s({ start: `sh -c "node ${P} a.js & node b.js & wait"` })],
    ["subshell a & b", s({ start: `(node ${P} a.js & node b.js)` })],
    ["variable before a only in sh -c", s({ start: `sh -c '${O} node a.js & node b.js'` })],
    ["run-p glob bad", s({ start: "run-p 'serve:*'", "serve:a": `node ${P} a.js`, "serve:b": "node b.js" })],
    [
      "npm-run-all mixed",
      s({ start: "npm-run-all build -p serve worker", build: "tsc", serve: `node ${P} a.js`, worker: "node b.js" }),
    ],
    [
      "ENTRYPOINT script unsets",
      {
        Dockerfile: `FROM node\nENV ${O}\nENTRYPOINT ["./e.sh"]\nCMD ["node","a.js"]\n`,
        "e.sh": `#!/bin/sh\nunset NODE_OPTIONS\nexec "$@"\n`,
      },
    ],
    [
      "ENTRYPOINT script exports other",
      {
        Dockerfile: `FROM node\nENV ${O}\nENTRYPOINT ["./e.sh"]\nCMD ["node","a.js"]\n`,
        "e.sh": `#!/bin/sh\nexport NODE_OPTIONS=--max-old-space-size=1\nexec "$@"\n`,
      },
    ],
    [
      "ENTRYPOINT script env -i",
      {
        Dockerfile: `FROM node\nENV ${O}\nENTRYPOINT ["./e.sh"]\nCMD ["node","a.js"]\n`,
        "e.sh": `#!/bin/sh\nexec env -i "$@"\n`,
      },
    ],
    [
      "ENTRYPOINT script sudo",
      {
        Dockerfile: `FROM node\nENV ${O}\nENTRYPOINT ["./e.sh"]\nCMD ["node","a.js"]\n`,
        "e.sh": `#!/bin/sh\nexec sudo -u node "$@"\n`,
      },
    ],
    [
      "ENTRYPOINT script under tini",
      {
        Dockerfile: `FROM node\nENV ${O}\nENTRYPOINT ["tini","--","./e.sh"]\nCMD ["node","a.js"]\n`,
        "e.sh": `#!/bin/sh\nunset NODE_OPTIONS\nexec "$@"\n`,
      },
    ],
    [
      "ENTRYPOINT script starts its own node, without",
      {
        Dockerfile: `FROM node\nENTRYPOINT ["./e.sh"]\nCMD ["node","--import","flushguard/register","a.js"]\n`,
        "e.sh": `#!/bin/sh\nexec node a.js\n`,
      },
    ],
    [
      "ENTRYPOINT script background worker without + CMD with",
      {
        Dockerfile: `FROM node\nENTRYPOINT ["./e.sh"]\nCMD ["node","--import","flushguard/register","a.js"]\n`,
        "e.sh": `#!/bin/sh\nnode w.js &\nexec "$@"\n`,
      },
    ],
    [
      "ENTRYPOINT shell form script unset",
      {
        Dockerfile: `FROM node\nENV ${O}\nENTRYPOINT ./e.sh node a.js\n`,
        "e.sh": `#!/bin/sh\nunset NODE_OPTIONS\nexec "$@"\n`,
      },
    ],
    [
      "ENTRYPOINT node with options shell; exec $*",
      {
        Dockerfile: `FROM node\nENV ${O}\nENTRYPOINT ["./e.sh"]\nCMD ["node","a.js"]\n`,
        "e.sh": `#!/bin/sh\nunset NODE_OPTIONS\nexec $*\n`,
      },
    ],
    [
      "compose entrypoint script",
      {
        "compose.yaml": `services:\n  a:\n    environment:\n      NODE_OPTIONS: ${P}\n    entrypoint: ["./e.sh"]\n    command: ["node","a.js"]\n`,
        "e.sh": `#!/bin/sh\nunset NODE_OPTIONS\nexec "$@"\n`,
      },
    ],
    [
      "k8s command script",
      {
        "d.yaml": k8(
          `      - name: app\n        env:\n        - name: NODE_OPTIONS\n          value: "${P}"\n        command: ["./e.sh"]\n        args: ["node","a.js"]\n`,
        ),
        "e.sh": `#!/bin/sh\nunset NODE_OPTIONS\nexec "$@"\n`,
      },
    ],
    [
      "CMD of script with command args",
      {
        Dockerfile: `FROM node\nENV ${O}\nCMD ["./e.sh","node","a.js"]\n`,
        "e.sh": `#!/bin/sh\nunset NODE_OPTIONS\nexec "$@"\n`,
      },
    ],
    [
      "start script wrapper",
      { ...s({ start: `${O} ./run.sh node a.js` }), "run.sh": `#!/bin/sh\nunset NODE_OPTIONS\nexec "$@"\n` },
    ],
    [
      "entrypoint of absolute path",
      {
        Dockerfile: `FROM node\nENV ${O}\nCOPY docker/e.sh /usr/local/bin/\nENTRYPOINT ["/usr/local/bin/e.sh"]\nCMD ["node","a.js"]\n`,
        "docker/e.sh": `#!/bin/sh\nunset NODE_OPTIONS\nexec "$@"\n`,
      },
    ],
    [
      "entrypoint by name on PATH",
      {
        Dockerfile: `FROM node\nENV ${O}\nCOPY docker-entrypoint.sh /usr/local/bin/\nENTRYPOINT ["docker-entrypoint.sh"]\nCMD ["node","a.js"]\n`,
        "docker-entrypoint.sh": `#!/bin/sh\nunset NODE_OPTIONS\nexec "$@"\n`,
      },
    ],
    ["CMD shell with ARG (build only)", { Dockerfile: `FROM node\nARG OPTS="${P}"\nCMD node $OPTS a.js\n` }],
    [
      "nodemon env off",
      {
        ...s({ start: "nodemon a.js" }),
        "nodemon.json": JSON.stringify({ exec: `node ${P}`, env: { FLUSHGUARD: "off" } }),
      },
    ],
    [
      "nodemon env replaces",
      {
        ...s({ start: `${O} nodemon a.js` }),
        "nodemon.json": JSON.stringify({ env: { NODE_OPTIONS: "--max-old-space-size=1" } }),
      },
    ],
    [
      "sh source takes",
      {
        ...s({ start: "./s.sh" }),
        "s.sh": `#!/bin/sh\nexport ${O}\n. ./env.sh\nexec node a.js\n`,
        "env.sh": `unset NODE_OPTIONS\n`,
      },
    ],
    [
      "official entrypoint, without",
      {
        Dockerfile: `FROM node\nENTRYPOINT ["docker-entrypoint.sh"]\nCMD ["node","a.js"]\n`,
        "docker-entrypoint.sh": node,
      },
    ],
    [
      "wait-for-it before, without",
      {
        Dockerfile: `FROM node\nCMD ["./wait-for-it.sh","db:5432","--","node","a.js"]\n`,
        "wait-for-it.sh": waitForIt,
      },
    ],
    [
      "start.sh case",
      {
        Dockerfile: `FROM node\nCMD ["./start.sh"]\n`,
        "start.sh": `#!/bin/sh\ncase "$ROLE" in\n  web) exec node ${P} a.js ;;\n  worker) exec node w.js ;;\nesac\n`,
      },
    ],
    [
      "start.sh if exec + fallthrough",
      {
        Dockerfile: `FROM node\nCMD ["./start.sh"]\n`,
        "start.sh": `#!/bin/sh\nif [ "$W" ]; then\n  exec node w.js\nfi\nexec node ${P} a.js\n`,
      },
    ],
    [
      "start.sh background and wait",
      {
        Dockerfile: `FROM node\nCMD ["./start.sh"]\n`,
        "start.sh": `#!/bin/sh\nnode w.js & \nPID=$!\nnode ${P} a.js\nwait $PID\n`,
      },
    ],
    [
      "start.sh two on a line",
      { Dockerfile: `FROM node\nCMD ["./start.sh"]\n`, "start.sh": `#!/bin/sh\nnode w.js & node ${P} a.js\n` },
    ],
    [
      "start.sh exec first then unreachable",
      { Dockerfile: `FROM node\nCMD ["./start.sh"]\n`, "start.sh": `#!/bin/sh\nexec node a.js\nexec node ${P} a.js\n` },
    ],
    [
      "start.sh exit before",
      {
        Dockerfile: `FROM node\nCMD ["./start.sh"]\n`,
        "start.sh": `#!/bin/sh\nnode a.js\nexit $?\nexec node ${P} a.js\n`,
      },
    ],
    [
      "start.sh runs other script in background",
      {
        Dockerfile: `FROM node\nCMD ["./start.sh"]\n`,
        "start.sh": `#!/bin/sh\n./w.sh &\nexec node ${P} a.js\n`,
        "w.sh": "#!/bin/sh\nexec node w.js\n",
      },
    ],
    [
      "start.sh reads .env without exporting",
      {
        Dockerfile: `FROM node\nCMD ["./start.sh"]\n`,
        "start.sh": `#!/bin/sh\n. ./.env\nexec node a.js\n`,
        ".env": `NODE_OPTIONS="${P}"\n`,
      },
    ],
    [
      "start.sh source conditional",
      {
        Dockerfile: `FROM node\nCMD ["./start.sh"]\n`,
        "start.sh": `#!/bin/sh\nif [ -f env.sh ]; then\n  . ./env.sh\nfi\nexec node a.js\n`,
        "env.sh": `export ${O}\n`,
      },
    ],
    [
      "start.sh 'local' single quotes not expanded",
      {
        Dockerfile: `FROM node\nCMD ["./start.sh"]\n`,
        "start.sh": `#!/bin/sh\nOPTS="${P}"\nexec sh -c 'node $OPTS a.js'\n`,
      },
    ],
    [
      "ENTRYPOINT script + compose command",
      {
        Dockerfile: `FROM node\nENTRYPOINT ["./e.sh"]\nCMD ${list}\n`,
        "e.sh": '#!/bin/sh\nexec "$@"\n',
        "compose.yaml": "services:\n  a:\n    build: .\n    command: node a.js\n",
      },
    ],
    [
      "ENTRYPOINT script unsets + compose env",
      {
        Dockerfile: `FROM node\nENTRYPOINT ["./e.sh"]\nCMD ["node","a.js"]\n`,
        "e.sh": '#!/bin/sh\nunset NODE_OPTIONS\nexec "$@"\n',
        "compose.yaml": `services:\n  a:\n    build: .\n    environment:\n      NODE_OPTIONS: ${P}\n`,
      },
    ],
    [
      "ENTRYPOINT script unsets + compose env + command",
      {
        Dockerfile: `FROM node\nENTRYPOINT ["./e.sh"]\nCMD ["node","a.js"]\n`,
        "e.sh": '#!/bin/sh\nunset NODE_OPTIONS\nexec "$@"\n',
        "compose.yaml": `services:\n  a:\n    build: .\n    environment:\n      NODE_OPTIONS: ${P}\n    command: node a.js\n`,
      },
    ],
    ["sh -c nested escaped", s({ start: `sh -c "concurrently \\"node ${P} a.js\\" \\"node b.js\\""` })],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect({ places, preloaded }).toMatchObject({ preloaded: false });
  });
});

describe("what should be there instead", () => {
  it.each<[string, Files, string[]]>([
    [
      "behind an ENTRYPOINT",
      { Dockerfile: 'FROM node\nENTRYPOINT ["tini","--"]\nCMD ["node","a.js"]\n' },
      ['CMD ["node", "--import", "flushguard/register","a.js"]'],
    ],
    [
      "in an ENTRYPOINT",
      { Dockerfile: 'FROM node\nENTRYPOINT ["node"]\nCMD ["a.js"]\n' },
      ['ENTRYPOINT ["node", "--import", "flushguard/register"]'],
    ],
    [
      "what a script is given",
      { ...s({ start: "./run.sh node a.js" }), "run.sh": '#!/bin/sh\nexec env -i "$@"\n' },
      [`"start": "./run.sh node ${P} a.js"`],
    ],
    [
      "in a script that another one runs",
      {
        Dockerfile: 'FROM node\nENTRYPOINT ["./e.sh"]\nCMD ["./start.sh"]\n',
        "e.sh": '#!/bin/sh\nexec "$@"\n',
        "start.sh": "#!/bin/sh\nnode a.js\n",
      },
      [`node ${P} a.js`],
    ],
    [
      "each command in quotes",
      s({ start: "sh -c 'node a.js & node b.js'" }),
      [`"start": "sh -c 'node ${P} a.js & node ${P} b.js'"`],
    ],
    [
      "in a file that is laid over another",
      {
        "a.service": "[Service]\nWorkingDirectory=/srv\nExecStart=/usr/bin/node a.js\n",
        "a.service.d/o.conf": "[Service]\nExecStart=\nExecStart=/usr/bin/node b.js\n",
      },
      [`ExecStart=/usr/bin/node ${P} b.js`],
    ],
    [
      "without the values of variables that say nothing of it",
      { ...s({ start: "./s.sh" }), "s.sh": "#!/bin/sh\nPASSWORD=secret\nexec node a.js --password=$PASSWORD\n" },
      [`exec node ${P} a.js --password=$PASSWORD`],
    ],
    ["by nodemon", s({ start: "nodemon a.js" }), [`"start": "nodemon ${P} a.js"`]],
    [
      "what nodemon cannot read",
      { ...s({ start: "nodemon a.js" }), "nodemon.json": '{"nodeArgs":null,"env":null,"execMap":0}' },
      [`node ${P} a.js`],
    ],
    [
      "one of two in a line",
      s({ start: `node ${P} a.js & node b.js` }),
      [`"start": "node ${P} a.js & node ${P} b.js"`],
    ],
  ])("%s", (_, files, instead) => {
    const { places } = startsIn(directoryWith(files));
    expect(places.flatMap((place) => place.instead ?? [])).toEqual(instead);
  });
});
