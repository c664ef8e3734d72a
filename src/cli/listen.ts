import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { UsageError } from "./usage-error.js";

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program listens there",
  EACCES: "this user may not",
  EADDRNOTAVAIL: "this machine has no such address",
  ENOTFOUND: "there is no such host",
};

/** Connections that the system keeps until they are accepted, where it allows for so many: more would have to connect again. */
const MOST_WAITING = 4096;

/**
 * @param text what was given as `--port`
 * @throws {UsageError} when it is no port; 0 is one, and stands for any that is free
 */
export function portFrom(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new UsageError(`--port is ${JSON.stringify(text)}, expected a number from 0 to 65535`);
  }
  return port;
}

/**
 * @returns the URL of the server once it listens
 * @throws {UsageError} when it cannot
 */
export async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<string> {
  try {
    await once(server.listen({ port, host, backlog: MOST_WAITING }), "listening");
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new UsageError(`cannot listen on ${host} port ${port}: ${REASONS[code] ?? message}`);
  }
  const { address, family, port: bound } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${bound}`;
}
