// A platform that fs-native-extensions has no prebuilt file for.
const Module = require("node:module");

const load = Module._load;
Module._load = function (request, ...rest) {
  if (request.startsWith("fs-native-extensions")) throw new Error("no such file");
  return load.call(this, request, ...rest);
};
