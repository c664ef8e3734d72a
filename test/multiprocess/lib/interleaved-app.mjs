import { runInterleaved } from "./interleaved.mjs";

process.stdout.write(JSON.stringify(await runInterleaved(JSON.parse(process.argv[2] ?? ""))));
