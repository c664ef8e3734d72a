import { runAtEachCall } from "./at-each-call.mjs";

process.stdout.write(JSON.stringify(await runAtEachCall(JSON.parse(process.argv[2] ?? ""))));
