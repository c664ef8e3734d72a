/** The environment in which jest runs prom-client's own tests: in one realm, and with its classes watched where it is asked for. */
const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const environment = require("jest-environment-node-single-context");

const CLIENTS = "../../../../dist/src/multiprocess/prom-client/clients.js";

module.exports = class extends (environment.TestEnvironment ?? environment.default ?? environment) {
  async setup() {
    await super.setup();
    const basedir = process.env.UPSTREAM_GUARDED;
    if (basedir === undefined) return;
    const { Clients } = await import(CLIENTS);
    this.directory = mkdtempSync(join(tmpdir(), "flushguard-"));
    this.clients = new Clients({ directory: this.directory, merged: true, flushMs: 10 });
    globalThis.flushguardLoaded = (file, exports) =>
      this.clients.patch({ module: "prom-client", basedir, file, exports });
  }

  async teardown() {
    this.clients?.stop();
    delete globalThis.flushguardLoaded;
    if (this.directory !== undefined) rmSync(this.directory, { recursive: true, force: true });
    await super.teardown();
  }
};
