/**
 * The app of a user: ten spans, of which the client sends a batch by itself, an awaited flush, and the end.
 *
 *     node app.mjs <module that starts the client> <address of the server>
 */
const [module, url] = process.argv.slice(2);
const { start } = await import(module);
const { record, flush } = await start(url);
for (let i = 0; i < 10; i++) record(`proof-span-${i}`);
// The client has begun to send them.
await new Promise((resolve) => setTimeout(resolve, 20));
await flush();
process.exit(0);
