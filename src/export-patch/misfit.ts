/** The installed source is not as a fix knows it: the message names what is not there. */
export class Misfit extends Error {}
