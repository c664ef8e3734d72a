const { SETUP } = process.env;

export default { test: { include: ["*.test.mjs"], setupFiles: SETUP === undefined ? [] : [SETUP] } };
