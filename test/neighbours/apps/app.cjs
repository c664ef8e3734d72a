void require("./run.cjs").run({ require, import: (name) => import(name) }, /^tracking during a flush \(CommonJS\)/);
