import { describe, expect, it } from "vitest";
import { startsIn } from "../../dist/src/cli/doctor/starts/app-starts.js";
import { directoryWith } from "../config/helpers.js";

// Of several commands that follow one another: what has ended before the app starts, and what goes on.

const P = "--import flushguard/register";
const O = `NODE_OPTIONS="${P}"`;
const s = (scripts: Record<string, string>) => ({ "package.json": JSON.stringify({ scripts }) });
const sh = (script: string, more: Files = {}) => ({
  ...s({ start: "./s.sh" }),
  "s.sh": `#!/bin/sh\n${script}\n`,
  ...more,
});
const image = (script: string, command: string) => ({
  Dockerfile: `FROM node\nENTRYPOINT ["./e.sh"]\nCMD ${command}\n`,
  "e.sh": `#!/bin/sh\n${script}\n`,
});
const deployment = (script: string) => ({
  "d.yaml": `kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - name: a\n        command: ["/bin/sh","-c"]\n        args:\n        - |\n${script.replace(/^/gm, "          ")}\n`,
});
const list = '["node","--import","flushguard/register","a.js"]';
const listens = { "x.js": "require('http').createServer((_, response) => response.end()).listen(3000);\n" };

type Files = Record<string, string>;

describe("guarded", () => {
  it.each<[string, Files]>([
    ["a task by its name", s({ start: `node migrate.js; node ${P} a.js` })],
    ["a task by the name of its script", s({ start: `npm run db:migrate; node ${P} a.js`, "db:migrate": "node x.js" })],
    ["one that the next depends on", s({ start: `node x.js && node ${P} a.js` })],
    ["a task after the app", s({ start: `node ${P} server.js; node cleanup.js` })],
    ["a task beside the app", sh(`node migrate.js &\nexec node ${P} a.js`)],
    ["a task in a condition", sh(`if [ "$M" = 1 ]; then\n  node migrate.js\nfi\nexec node ${P} a.js`)],
    ["a task until it succeeds", sh(`until node migrate.js; do sleep 1; done\nexec node ${P} a.js`)],
    ["a task, some times", sh(`for i in 1 2; do\n  node migrate.js && break\ndone\nexec node ${P} a.js`)],
    ["before what an image is given", image('node x.js\nexec "$@"', list)],
    ["all in the background", sh(`node ${P} a.js &\nnode ${P} worker.js &\nwait -n`)],
    ["a function after a migration", sh(`serve() {\n  exec node ${P} a.js\n}\nnode m.js\nserve`)],
    ["a function on one line", sh(`serve() { exec node ${P} a.js; }\nnode m.js\nserve`)],
    ["a function with its word", sh(`function serve {\n  exec node ${P} a.js\n}\nserve`)],
    ["a function with its brace on the next line", sh(`serve()\n{\n  exec node ${P} a.js\n}\nserve`)],
    ["a function that nothing calls", sh(`debug() {\n  node --inspect a.js\n}\nexec node ${P} a.js`)],
    ["a function that is given all", image('main() {\n  exec "$@"\n}\nmain "$@"', list)],
    ["a function that is given a command", sh(`run() {\n  echo "$@"\n  "$@"\n}\nrun node ${P} a.js`)],
    ["a function that sets options", sh(`opts() {\n  export ${O}\n}\nopts\nexec node a.js`)],
    ["functions that call each other", sh(`a() {\n  b\n}\nb() {\n  a\n  node ${P} x.js\n}\na`)],
    [
      "functions of a case",
      sh(
        `web() {\n  exec node ${P} a.js\n}\nw() {\n  exec node ${P} w.js\n}\ncase "$1" in\n  web) web ;;\n  w) w ;;\nesac`,
      ),
    ],
    [
      "a function of a file that is read",
      sh(". ./lib.sh\nserve", { "lib.sh": `serve() {\n  exec node ${P} a.js\n}\n` }),
    ],
    [
      "a script in compose",
      { "compose.yaml": `services:\n  a:\n    command: |\n      node migrate.js\n      node ${P} a.js\n` },
    ],
    ["a script in Kubernetes", deployment(`node migrate.js\nexec node ${P} a.js`)],
    ["a script in Kubernetes, with a variable", deployment(`export ${O}\nexec node a.js`)],
    ["nf start", { ...s({ start: "nf start" }), Procfile: "web: node a.js\n", ".env": `NODE_OPTIONS=${P}\n` }],
    [
      "nf start, another file",
      { ...s({ start: "nf start -e prod.env" }), Procfile: "web: node a.js\n", "prod.env": `${O}\n` },
    ],
    [
      "honcho in an image",
      { Dockerfile: 'FROM node\nCMD ["honcho","start"]\n', Procfile: "web: node a.js\n", ".env": `${O}\n` },
    ],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect({ places, preloaded }).toMatchObject({ preloaded: true });
  });
});

describe("not guarded", () => {
  it.each<[string, Files]>([
    ["a server in the foreground", sh(`node server.js\nnode ${P} cleanup.js`)],
    ["one that listens", sh(`node x.js\nnode ${P} y.js`, listens)],
    ["one that listens, before what would replace the shell", sh(`node x.js\nexec node ${P} y.js`, listens)],
    [
      "one that listens, and the next depends on its end",
      { ...s({ start: `node x.js && node ${P} y.js` }), ...listens },
    ],
    ["one of which nothing tells that it ends", sh(`node x.js\nnode ${P} y.js`)],
    ["a server in a line", s({ start: `node server.js; node ${P} y.js` })],
    ["a server by its name, and the next depends on its end", s({ start: `node server.js && node ${P} y.js` })],
    ["a server, or the next", s({ start: `node server.js || node ${P} y.js` })],
    ["a server behind a migration", s({ start: `node ${P} migrate.js; node server.js` })],
    ["a server by the name of its script", s({ start: `npm run web; node ${P} y.js`, web: "node x.js" })],
    ["by pm2, which goes on", s({ start: `pm2 start x.js && node ${P} y.js` })],
    ["by a framework", s({ start: `next start && node ${P} y.js` })],
    ["in an image, shell form", { Dockerfile: `FROM node\nCMD node server.js; node ${P} c.js\n` }],
    ["in an image, sh -c", { Dockerfile: `FROM node\nCMD ["sh","-c","node dist/main.js; node ${P} c.js"]\n` }],
    ["before what an image is given", image('node server.js\nexec "$@"', list)],
    ["a worker beside the app", sh(`node worker.js &\nexec node ${P} a.js`)],
    ["another app in a condition", sh(`if [ "$W" ]; then\n  node w.js\nfi\nexec node ${P} a.js`)],
    ["a function after a migration", sh(`serve() {\n  exec node a.js\n}\nnode ${P} m.js\nserve`)],
    ["a function that nothing calls", sh(`good() {\n  node ${P} a.js\n}\nexec node a.js`)],
    ["a function that nothing calls sets options", sh(`opts() {\n  export ${O}\n}\nexec node a.js`)],
    ["a function that takes options", sh(`export ${O}\nclear() { unset NODE_OPTIONS; }\nclear\nexec node a.js`)],
    ["a function in the background", sh(`w() {\n  node w.js\n}\nw &\nexec node ${P} a.js`)],
    [
      "a function in a condition",
      sh(`serve() {\n  exec node a.js\n}\nif [ "$X" ]; then serve; fi\nexec node ${P} a.js`),
    ],
    ["a script in Kubernetes", deployment(`node ${P} migrate.js\nexec node a.js`)],
    ["Heroku, which reads no .env", { Procfile: "web: node a.js\n", ".env": `${O}\n` }],
    ["nf start, without", { ...s({ start: "nf start" }), Procfile: "web: node a.js\n", ".env": "A=b\n" }],
    ["nf start, off", { ...s({ start: "nf start" }), Procfile: `web: node ${P} a.js\n`, ".env": "FLUSHGUARD=off\n" }],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect({ places, preloaded }).toMatchObject({ preloaded: false });
  });
});

it("what has ended before the app starts is named, with nothing to be there instead", () => {
  const { places, preloaded } = startsIn(directoryWith(sh(`node migrate.js\nexec node ${P} a.js`)));
  expect({ places, preloaded }).toEqual({
    places: [
      { place: "s.sh:2", ends: true },
      { place: "s.sh:3", preload: "flushguard/register" },
    ],
    preloaded: true,
  });
});

it("what stands there instead of one of two changes that one", () => {
  const { places } = startsIn(directoryWith(s({ start: "node migrate.js && node a.js" })));
  expect(places).toEqual([
    { place: "package.json scripts.start", instead: `"start": "node migrate.js && node ${P} a.js"` },
  ]);
});
