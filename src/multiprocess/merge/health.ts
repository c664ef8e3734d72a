import { timeOfDay } from "../../timers.js";
import type { Family, Sample } from "../family.js";

/** How the files of a directory stand, and the processes that write them. */
export interface Health {
  /** Processes, threads counted each, that live and have all that they recorded in their files. */
  live: number;
  /** Those that live, and have series that wait for room on the disk. */
  waiting: number;
  /** Those that live, and have nothing in the totals: they have no file, or one that cannot be read. */
  memory: number;
  /** Attempts to write that the disk has refused, ever. */
  writeErrors: number;
  /** Milliseconds since the epoch: the longest time ago that a process which lives had all that it recorded in its file. */
  lastWriteMs: number | undefined;
  waitingSeries: number;
  badFiles: number;
  newerFiles: number;
}

export function nothingWrong({ waiting, memory, writeErrors, badFiles, newerFiles }: Health): boolean {
  return waiting + memory + writeErrors + badFiles + newerFiles === 0;
}

const PREFIX = "flushguard_multiprocess_";

/** The same as metrics. */
export function healthFamilies(health: Health): Family[] {
  const { live, waiting, memory, writeErrors, lastWriteMs, waitingSeries, badFiles, newerFiles } = health;
  const ageSeconds = lastWriteMs === undefined ? 0 : Math.max(0, timeOfDay() - lastWriteMs) / 1000;
  const states = Object.entries({ live, waiting, memory });
  return [
    {
      name: `${PREFIX}processes`,
      help: "Processes and threads that live: with all in their files, with series that wait for room, in memory alone.",
      type: "gauge",
      samples: states.map(([state, value]) => sample("processes", value, `state="${state}"`)),
    },
    one("write_errors_total", "Attempts to write a file that were refused.", "counter", writeErrors),
    one(
      "last_write_age_seconds",
      "Since all that a process has recorded was last in its file, at most.",
      "gauge",
      ageSeconds,
    ),
    one("waiting_series", "Series that wait in memory for room on the disk.", "gauge", waitingSeries),
    one("bad_files_total", "Files that were damaged and are left out.", "counter", badFiles),
    one("newer_files", "Files of a newer or unknown format, which are left out.", "gauge", newerFiles),
  ];
}

function sample(name: string, value: number, labels = ""): Sample {
  return { name: `${PREFIX}${name}`, labels, value };
}

function one(name: string, help: string, type: "counter" | "gauge", value: number): Family {
  return { name: `${PREFIX}${name}`, help, type, samples: [sample(name, value)] };
}
