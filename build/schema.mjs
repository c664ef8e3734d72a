/** Writes the schema of flushguard.config.json, for editors, from what the configuration is checked with. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROLE_FIELDS, TARGET_FIELDS } from "../dist/src/config/target-fields.js";
import { DIST } from "./layout.mjs";

/** @param {import("../src/config/target-fields.js").Fields} fields */
function objectOf(fields) {
  const properties = Object.entries(fields).flatMap(([key, { expected, schema, parts }]) => {
    const value = parts === undefined ? schema : objectOf(parts);
    return value === undefined ? [] : [[key, { description: expected, ...value }]];
  });
  return { type: "object", additionalProperties: false, properties: Object.fromEntries(properties) };
}

/** @param {string[]} keys */
const anyOf = (...keys) => ({ anyOf: keys.map((key) => ({ required: [key] })) });
/** What sends, or records into the buffer of what does. */
const guarded = { anyOf: [...anyOf("flush", "send").anyOf, { required: ["record", "owner"] }] };

export function writeSchema() {
  const target = {
    ...objectOf(TARGET_FIELDS),
    required: ["module"],
    anyOf: [
      { ...guarded, not: { required: ["like"] } },
      { required: ["like"], not: anyOf(...Object.keys(ROLE_FIELDS)) },
    ],
  };
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "flushguard.config.json",
    type: "object",
    additionalProperties: false,
    required: ["targets"],
    properties: { $schema: { type: "string" }, targets: { type: "array", items: target, minItems: 1 } },
  };
  writeFileSync(join(DIST, "flushguard.config.schema.json"), `${JSON.stringify(schema, null, 2)}\n`);
}
