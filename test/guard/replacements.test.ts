import { expect, test } from "vitest";
import { Replacements } from "../../dist/src/guard/owner/replacements.js";

class Transport {
  prefix = "a";
  send(text: string): string {
    return this.prefix + text;
  }
}

test("a property is replaced once, and put back as it was: own or inherited", () => {
  const { send } = Transport.prototype;
  const transport = new Transport();
  const replacements = new Replacements();
  let made = 0;
  for (let time = 0; time < 2; time++) {
    replacements.replace(transport, "prefix", (original) => `${++made}${String(original())}`);
    replacements.replace(transport, "send", () => (text: string) => `${text}!`);
  }
  expect([transport.prefix, transport.send("x")]).toEqual(["1a", "x!"]);
  replacements.undo();
  expect(Object.entries(transport)).toEqual([["prefix", "a"]]);
  expect(transport.send).toBe(send);
  replacements.replace(transport, "prefix", (original) => `${++made}${String(original())}`);
  expect(transport.prefix).toBe("2a");
});

test("what somebody else has put there since stays", () => {
  const transport = new Transport();
  const replacements = new Replacements();
  replacements.replace(transport, "prefix", () => "ours");
  transport.prefix = "theirs";
  replacements.undo();
  expect(transport.prefix).toBe("theirs");
});

test("what is inherited is what is there when it is asked for", () => {
  class Mocked extends Transport {}
  const transport = new Mocked();
  const replacements = new Replacements();
  replacements.replace(transport, "send", (original: () => Transport["send"]) => {
    return (text: string) => original().call(transport, `${text}!`);
  });
  expect(transport.send("x")).toBe("ax!");
  Mocked.prototype.send = (text) => `mocked ${text}`;
  expect(transport.send("x")).toBe("mocked x!");
  Reflect.deleteProperty(Mocked.prototype, "send");
  expect(transport.send("x")).toBe("ax!");
});
