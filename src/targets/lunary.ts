import type { Target } from "../target.js";

/**
 * Run: 0.8.8 and 1.0.18, both copies. The file has another name in each version.
 *
 * While events are being sent a flush counts to ten without waiting, and resolves. So it comes after the one in front, which
 * would go on with what is recorded meanwhile, unawaited: that waits as well.
 */
export const target: Target = {
  module: "lunary",
  versions: "0.8.8 || 1.0.18",
  file: "dist/{chunk-AX3726TK.js,chunk-ICOI2EVK.cjs}",
  export: "lunary_default",
  record: ["trackEvent"],
  flush: ["flush", "processQueue"],
  batch: "hold",
};
