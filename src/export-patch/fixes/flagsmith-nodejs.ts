import type { SourceFix } from "../source-fix.js";

export const fix: SourceFix = {
  module: "flagsmith-nodejs",
  classes: [
    {
      class: "AnalyticsProcessor",
      edits: [
        { join: "flush", worker: "postAnalytics", fields: ["currentFlush", "nextFlush"] },
        {
          in: "flush",
          find: "if (this.currentFlush || $empty) { return; }",
          put: `
if ($empty) {
    return;
}
// What is tracked while this is being posted goes out with the next flush.
const analyticsData = this.analyticsData;
this.analyticsData = {};
this.lastFlushed = Date.now();`,
        },
        {
          in: "flush",
          find: "this.currentFlush = $posted; await this.currentFlush;",
          put: `
const response = await $posted;
if (response.status >= 500 || response.status === 429 || response.status === 408) {
    throw new Error(\`\${response.status} \${response.statusText}\`);
}`,
        },
        { in: "flush", find: "JSON.stringify(this.analyticsData)", put: "JSON.stringify(analyticsData)" },
        {
          in: "flush",
          find: "this.logger.warn($message); return;",
          put: `
this.logger.warn($message);
for (const [featureName, count] of Object.entries(analyticsData)) {
    this.analyticsData[featureName] = (this.analyticsData[featureName] || 0) + count;
}`,
        },
        {
          in: "flush",
          find: "try { $post } catch (error) { $failed } finally { this.currentFlush = undefined; }",
          put: `
try {$post}
catch (error) {$failed}`,
        },
        { in: "flush", find: "this.analyticsData = {}; this.lastFlushed = Date.now();", put: "" },
      ],
    },
  ],
  title: "flush() loses features tracked while it posts, drops them on HTTP 500, and returns early",
  problem: `\
\`AnalyticsProcessor#flush\` posts \`this.analyticsData\`, waits, and only then sets it to \`{}\`: what \`trackFeature\` added \
during the wait is thrown away with what was sent. An answer of 500, 429 or 408 counts as success, so the data is \
cleared although the API did not take it. And a second \`flush()\` during the first returns at once, so \
\`await flush(); process.exit()\` ends the process before anything has arrived.`,
  remedy: `\
The data is taken out before it is posted, so what is tracked meanwhile belongs to the next flush. When the request \
fails, or the answer is 5xx, 429 or 408, the counts are added back. Calls of \`flush()\` during a flush share one more \
flush after it and wait for it. \`lastFlushed\` is set when a flush begins, so that an API that is down is still asked \
only every ten seconds.`,
};
