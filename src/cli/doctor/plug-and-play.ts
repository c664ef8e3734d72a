/** As Yarn names them in `NODE_OPTIONS`, with quotes about a path with blanks. */
const LOADERS = /--?[a-z-]+[= ](?:"[^"]*\.pnp\.[a-z.]+"|[^\s"]*\.pnp\.[a-z.]+)/g;

/**
 * Those of the options by which packages are found under Yarn's Plug'n'Play: without them Node finds none that is in a zip file.
 * @param options the value of NODE_OPTIONS
 */
export function loadersOfYarn(options = ""): string {
  return (options.match(LOADERS) ?? []).join(" ");
}
