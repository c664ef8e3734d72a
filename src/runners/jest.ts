import { startWith } from "../start.js";
import { installInJest } from "./jest-hooks.js";

// For Jest's `setupFiles`: guards the clients that a test file loads.
startWith(installInJest);
