import { installInBundle } from "./hooks/in-bundle.js";
import { startWith } from "./start.js";

// For the first line of a bundle's entry, where no preload guards what the bundle carries.
startWith(installInBundle);
