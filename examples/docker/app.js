// Prints whether the preload is there, and what it knows.
import { status } from "flushguard";

const { enabled, targets } = status();
console.log(JSON.stringify({ enabled, clients: targets.length }));
