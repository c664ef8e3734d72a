import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { targets } from "../../dist/src/targets/list.js";
import { cli, plainEnv } from "../cli/cli.js";
import { example } from "./app.js";

it("the image starts Node with the preload, in any working directory", () => {
  const app = example("docker");
  const dockerfile = readFileSync(join(app, "Dockerfile"), "utf8");
  const [, options = ""] = /^ENV NODE_OPTIONS="(.+)"$/m.exec(dockerfile) ?? [];
  const [, command = ""] = /^CMD (\[.+\])$/m.exec(dockerfile) ?? [];
  const [program, ...args] = JSON.parse(command) as string[];
  expect([program, ...args]).toEqual(["node", "app.js"]);
  const env = plainEnv({ NODE_OPTIONS: options.replace("/srv/app", app) });
  const run = (file: string, cwd: string) => execFileSync(process.execPath, [file], { cwd, env, encoding: "utf8" });
  const said = JSON.stringify({ enabled: true, clients: targets.length });
  expect(run("app.js", app)).toBe(`${said}\n`);
  expect(run(join(app, "app.js"), "/")).toBe(`${said}\n`);
  expect(JSON.parse(cli(["doctor", "--json"], app, { FLUSHGUARD: "off" }).stdout).starts).toEqual([
    { place: "Dockerfile:8", preload: expect.stringContaining("/register.js") },
  ]);
});

it("the manifest is one that Kubernetes takes, and its sidecar's command one that there is", () => {
  const app = example("kubernetes");
  const manifest = parse(readFileSync(join(app, "deployment.yaml"), "utf8"));
  new Deployment(manifest).validate();
  expect(() => new Deployment({ ...manifest, spec: { ...manifest.spec, replicas: "two" } }).validate()).toThrow();
  const [orders, metrics] = manifest.spec.template.spec.containers;
  const directory = orders.env.find(({ name }: { name: string }) => name === "FLUSHGUARD_MULTIPROCESS_DIR").value;
  expect(metrics.command.slice(0, 5)).toEqual(["npx", "flushguard", "serve", "--dir", directory]);
  // All of its arguments are right but a port that nobody can have.
  const instead: Record<string, string> = { [directory]: app, "9464": "65536" };
  const args = metrics.command.slice(2).map((arg: string) => instead[arg] ?? arg);
  expect(cli(args, app).stderr).toContain("65536");
});
