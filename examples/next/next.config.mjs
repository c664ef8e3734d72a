/** @type {import("next").NextConfig} */
export default {
  // What Next bundles is no module any more that could be guarded.
  serverExternalPackages: ["aws-embedded-metrics"],
};
