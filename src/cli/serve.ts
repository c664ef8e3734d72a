import { log } from "../log.js";
import { collectAll, collectHealth } from "../multiprocess/collect.js";
import { metricsServer } from "../multiprocess/serve/metrics-server.js";
import { directoryFrom } from "./directory-from.js";
import { listen, portFrom } from "./listen.js";
import { parseArgs } from "./parse-args.js";
import { signalled } from "./signalled.js";
import { UsageError } from "./usage-error.js";

const HELP = `Usage: flushguard serve --dir <directory> [options]

Serves the metrics of the processes that FLUSHGUARD_MULTIPROCESS_DIR lets keep
them in a directory, added up anew for each scrape.

  /metrics   Prometheus text 0.0.4 or OpenMetrics 1.0, as the scraper asks
  /healthz   "ok" as long as this runs, and how the files stand

Options:
      --dir <directory>   where the processes keep their metrics
      --port <number>     default 9464; 0 takes one that is free
      --host <address>    default 127.0.0.1: only this machine can scrape
  -h, --help              print this

Runs until SIGTERM or SIGINT, answers the scrapes it is in, and ends with exit
code 0. Exit code 2: wrong arguments, a directory that is not there or not
readable, or the port is taken.
`;

/**
 * `flushguard serve --dir D [--port 9464] [--host 127.0.0.1]`
 * @returns the exit code
 */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      dir: { type: "string" },
      port: { type: "string", default: "9464" },
      host: { type: "string", default: "127.0.0.1" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const dir = directoryFrom(values.dir);
  const port = portFrom(values.port);
  if (values.host === "") throw new UsageError("--host is empty, expected an address");
  const stop = signalled();
  const { server, end } = metricsServer({
    collect: () => collectAll(dir),
    health: () => collectHealth(dir),
    onFailure: ({ message }) => log.warn(`a scrape failed: ${message}`),
  });
  const url = await listen(server, { host: values.host, port });
  process.stdout.write(`Serving the metrics of ${dir} at ${url}/metrics\n`);
  await stop;
  await end();
  return 0;
}
