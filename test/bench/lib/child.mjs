/**
 * A process that runs a workload, one batch for each message. Its workload is `(args) => batch`, where
 * `batch()` gives what it measured, usually nanoseconds per call.
 */
const [url, args, warmUpMs] = process.argv.slice(2);
const { default: workload } = await import(url);
const batch = await workload(JSON.parse(args));

// With pauses, so that the optimising compiler, which has a thread of its own, gets its turn.
for (const end = performance.now() + Number(warmUpMs); performance.now() < end; ) {
  await batch();
  await new Promise((resolve) => setImmediate(resolve));
}

process.on("message", () => {
  void (async () => process.send?.(await batch()))();
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
