import type { Command } from "./command.js";
import { YAML_COMMAND } from "./kinds.js";
import type { Line } from "./scopes.js";

/** The script in a block of YAML, at the lines where it stands. Undefined: there is none. */
export function blockIn({ text, number }: Line): string | undefined {
  const [, before = "", block] = /^([^|]*?[:-]\s*)\|[-+]?\s*\n([\s\S]*)$/.exec(text) ?? [];
  return block === undefined ? undefined : "\n".repeat(number + before.split("\n").length - 1) + block;
}

/** What an image's ENTRYPOINT is given in front of a `CMD` that is a line for a shell. */
const BY_SHELL = "/bin/sh -c ";

/** A command, behind what it goes on with. */
export function wholeOf({ text, lead }: Line): string {
  return lead === undefined ? text : `${lead} ${given(text)}`;
}

/** What a `CMD` gives to an ENTRYPOINT. */
const given = (text: string) => (behind(text).startsWith("[") ? "" : BY_SHELL) + behind(text);

/** A `CMD` without its name. */
const behind = (text: string) => text.replace(/^\s*CMD\s*/i, "").trim();

/** What should be there instead of the one line that has to be another. */
export function withoutLead<T extends Command>(found: T, { text, lead }: Line): T {
  const { instead } = found;
  if (lead === undefined || instead === undefined) return found;
  const isOwn = instead.startsWith(lead);
  return {
    ...found,
    instead: isOwn
      ? `CMD ${instead.slice(lead.length + 1).replace(BY_SHELL, "")}`
      : instead.slice(0, -given(text).length).trim(),
  };
}

/** `entrypoint` with `command`, and `command` with `args`, are one command where neither is enough. */
export function oneOf(lines: Line[]): Line[] {
  const isYaml = lines.length > 1 && lines.every(({ text: line }) => YAML_COMMAND.test(line));
  if (!isYaml) return lines;
  const first =
    lines.find(({ text: line }) => /entrypoint\s*:/.test(line)) ??
    lines.find(({ text: line }) => /command\s*:/.test(line));
  const rest = lines.filter((line) => line !== first).map(({ text: line }) => line.replace(YAML_COMMAND, ""));
  return first === undefined ? lines : [{ ...first, text: [first.text, ...rest].join("\n") }];
}
