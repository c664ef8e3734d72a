const { SETUP } = process.env;

export default { test: { include: ["race.test.mjs"], setupFiles: SETUP === undefined ? [] : [SETUP] } };
