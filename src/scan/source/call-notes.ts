import type { AnyNode, CallExpression, ObjectExpression, Property } from "acorn";
import { ignoreResult } from "./ignored.js";
import type { Scope, This } from "./model.js";
import { type Home, nameOf, type Surveyor } from "./surveyor.js";
import { bare, isFunction, keyName, TIMERS } from "./syntax.js";

/** What a call tells of the functions, classes and objects that it is given. */
export function noteCall(node: CallExpression, scope: Scope, surveyor: Surveyor): void {
  noteMentions(node, scope, surveyor);
  const callee = bare(node.callee);
  if (isFunction(callee)) surveyor.survey.calledAtOnce.set(callee, node);
  noteTimer(node, surveyor);
  noteThis(node, scope, surveyor);
  noteMethods(node, scope, surveyor);
  noteParent(node, scope, surveyor);
  noteAssigned(node, scope, surveyor);
  noteDefined(node, scope, surveyor);
}

function noteMentions(node: CallExpression, scope: Scope, surveyor: Surveyor): void {
  const callee = bare(node.callee);
  surveyor.mention(callee, node, scope);
  for (const argument of node.arguments) surveyor.mention(argument, argument, scope);
  if (nameOf(callee) === "bind" && callee.type === "MemberExpression") surveyor.mention(callee.object, node, scope);
}

function noteTimer(node: CallExpression, { survey }: Surveyor): void {
  if (!TIMERS.has(nameOf(bare(node.callee)) ?? "")) return;
  survey.timed.push(node);
  for (const argument of node.arguments) {
    if (argument.type === "ArrowFunctionExpression") ignoreResult(argument.body, survey.ignored);
  }
}

/** `f.call(this)`, `f.bind(this)`, `__awaiter(this, …, function* () {})`, `__awaiter(_this, void 0, void 0, function () {})` */
function noteThis(node: CallExpression, scope: Scope, surveyor: Surveyor): void {
  const callee = bare(node.callee);
  if (node.arguments.some((argument) => argument.type === "ThisExpression")) {
    const home: Home = { this: { kind: "outer" }, name: undefined, method: false };
    if (callee.type === "MemberExpression") {
      const object = bare(callee.object);
      surveyor.settle(object, home);
      if (object.type === "CallExpression") for (const inner of object.arguments) surveyor.settle(inner, home);
    }
    for (const argument of node.arguments) surveyor.settle(argument, home);
  }
  const [receiver] = node.arguments;
  if (node.arguments.length >= 4 && receiver?.type === "Identifier") {
    surveyor.settle(node.arguments.at(-1), { this: surveyor.thisOf(receiver, scope), name: undefined, method: false });
  }
}

/** What Babel makes of the methods of a class: `_createClass(X, [{ key: "flush", value: function () {} }])` */
function noteMethods({ arguments: [owner, list] }: CallExpression, scope: Scope, surveyor: Surveyor): void {
  if (owner?.type !== "Identifier" || list?.type !== "ArrayExpression") return;
  const self = surveyor.thisOf(owner, scope);
  for (const element of list.elements) {
    if (element?.type !== "ObjectExpression") continue;
    const [key, value] = ["key", "value"].map((name) => partOf(element, name));
    if (key?.type !== "Literal" || typeof key.value !== "string" || !value || !isFunction(value)) continue;
    surveyor.homes.set(value, { this: self, name: key.value, method: true });
  }
}

const partOf = ({ properties }: ObjectExpression, name: string): AnyNode | undefined =>
  properties.find((property): property is Property => property.type === "Property" && keyName(property) === name)
    ?.value;

/** `util.inherits(X, Y)`, `__extends(X, Y)` */
function noteParent({ callee, arguments: [child, parent] }: CallExpression, scope: Scope, surveyor: Surveyor): void {
  if (child?.type !== "Identifier" || !parent || !/^_*(?:inherits|extends)(?:Loose)?$/.test(nameOf(bare(callee)) ?? ""))
    return;
  surveyor.survey.parents.push({ of: surveyor.thisOf(child, scope), node: parent, fn: scope.fn });
}

/** `Object.assign(X.prototype, { … })` */
function noteAssigned({ callee, arguments: [to, from] }: CallExpression, scope: Scope, surveyor: Surveyor): void {
  if (nameOf(bare(callee)) !== "assign" || !to || from?.type !== "ObjectExpression") return;
  surveyor.survey.objects.set(from, surveyor.thisOf(to as AnyNode, scope));
}

/** `Object.defineProperties(X.prototype, { flush: { value: function () {} } })` */
function noteDefined({ callee, arguments: [to, from] }: CallExpression, scope: Scope, surveyor: Surveyor): void {
  if (nameOf(bare(callee)) === "defineProperties" && to && from)
    settleDescribed(from, surveyor.thisOf(to as AnyNode, scope), surveyor);
}

/** Methods that descriptors of properties give an object. */
export function settleDescribed(descriptors: AnyNode, self: This, { homes }: Surveyor): void {
  if (descriptors.type !== "ObjectExpression") return;
  for (const property of descriptors.properties) {
    const descriptor = property.type === "Property" ? property.value : undefined;
    const value = descriptor?.type === "ObjectExpression" ? partOf(descriptor, "value") : undefined;
    if (property.type !== "Property" || !value || !isFunction(value)) continue;
    homes.set(value, { this: self, name: keyName(property), method: true });
  }
}
