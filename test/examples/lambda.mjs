// As Lambda does it: one call of the handler, then the process is frozen, here for good.
const { handler } = await import(process.argv[2]);
await handler({ orders: [{ id: 1 }, { id: 2, urgent: true }, { id: 3 }] });
process.exit();
