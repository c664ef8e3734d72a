import { changedWhileIterated } from "./changed-while-iterated.js";
import { clearedAfterCall } from "./cleared-after-call.js";
import { clearedAfterWait } from "./cleared-after-wait.js";
import { closesBeforeSent } from "./closes-before-sent.js";
import { cutsOffWrites } from "./cuts-off-writes.js";
import { endsUnsent } from "./ends-unsent.js";
import { endsUnwaited } from "./ends-unwaited.js";
import { finishesEarly } from "./finishes-early.js";
import { flushesUnwaited } from "./flushes-unwaited.js";
import { joinsWhatHasBegun } from "./joins-what-has-begun.js";
import { keepsSettledPromise } from "./keeps-settled-promise.js";
import { leavesWhatIsSent } from "./leaves-what-is-sent.js";
import { leavesWhatWaits } from "./leaves-what-waits.js";
import { putBackOver } from "./put-back-over.js";
import { removedAfterWait } from "./removed-after-wait.js";
import { resolvesUnsent } from "./resolves-unsent.js";
import { returnsWhenEmpty } from "./returns-when-empty.js";
import { returnsWhileFlagged } from "./returns-while-flagged.js";
import type { Rule } from "./rule.js";
import { sendsNothing } from "./sends-nothing.js";
import { sharesPromise } from "./shares-promise.js";
import { stoppedUnsent } from "./stopped-unsent.js";

/** What the scan looks for; of two in the same method at the same place the first is shown. */
export const RULES: readonly Rule[] = [
  clearedAfterWait,
  removedAfterWait,
  putBackOver,
  returnsWhileFlagged,
  returnsWhenEmpty,
  joinsWhatHasBegun,
  resolvesUnsent,
  sharesPromise,
  keepsSettledPromise,
  sendsNothing,
  clearedAfterCall,
  changedWhileIterated,
  finishesEarly,
  stoppedUnsent,
  endsUnwaited,
  endsUnsent,
  closesBeforeSent,
  leavesWhatIsSent,
  leavesWhatWaits,
  cutsOffWrites,
  flushesUnwaited,
];
