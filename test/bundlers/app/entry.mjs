// Runs one scenario and prints what it counted, or prints the names of all: node BUNDLE [NAME]
import { scenarios } from "./scenarios.mjs";

const name = process.argv[2];
if (name === undefined) console.log(JSON.stringify([...scenarios.keys()]));
else {
  const tell = (counted) => process.stdout.write(`\n${JSON.stringify(counted)}\n`, () => process.exit(0));
  scenarios
    .get(name)()
    .then(tell, (error) => tell({ error: String(error.stack) }));
}
