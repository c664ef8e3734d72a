import { constants } from "node:fs";

/** How files are opened that others may have put there: not a link to somewhere else, and not to wait for whoever writes a pipe. */
export const CAREFULLY = constants.O_NOFOLLOW | constants.O_NONBLOCK;
