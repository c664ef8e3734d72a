const GETTER = String.raw`Object\.defineProperty\(exports, "(\w+)", \{\n\tenumerable: true,\n\tget: function\(\) \{\n\t\treturn ([\w$]+);\n\t\}\n\}\);`;
/** They come last in a chunk, so that no line is moved of which a source map tells. */
const GETTERS = new RegExp(String.raw`(?:^${GETTER}\n?)+$(?![\s\S]*^Object)`, "m");

/**
 * Makes the exports of a chunk that never change properties of their own, where the bundler makes a getter for each: shorter to read,
 * and quicker to ask.
 * @type {import("rolldown").Plugin}
 */
export const plainExports = {
  name: "plain-exports",
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== "chunk") continue;
      const { code } = chunk;
      chunk.code = code.replace(GETTERS, (getters) =>
        getters.replace(new RegExp(`^${GETTER}`, "gm"), (getter, name, local) =>
          isConstant(local, code) ? `exports.${name} = ${local};` : getter,
        ),
      );
    }
  },
};

/** Whether a name is declared with its value, and given none later. */
function isConstant(/** @type {string} */ name, /** @type {string} */ code) {
  const escaped = name.replaceAll("$", "\\$");
  const declared = new RegExp(`^(?:(?:async )?function\\*? ${escaped}\\(|(?:var|let|const|class) ${escaped} )`, "m");
  const given = new RegExp(`(?<![\\w$.])${escaped}(?:\\s*(?:[-+*/%&|^?<>]{0,3}=(?![=>])|\\+\\+|--))`, "g");
  const isVariable = new RegExp(`^(?:var|let|const) ${escaped} = `, "m").test(code);
  return declared.test(code) && (code.match(given) ?? []).length <= (isVariable ? 1 : 0);
}
