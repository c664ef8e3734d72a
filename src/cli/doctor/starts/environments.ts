const ASKS = /[\s,]["']?--env["',\s=]+(\w+)/;
const STARTS = /\bpm2(?:-runtime|["', \t]+(?:start|restart|reload|startOrReload|startOrRestart))["', \t]+[^\n&;|]*/g;
const OF_OBJECT = /(["']?)\benv_(\w+)\1(\s*:\s*\{[^}]*\})/g;
const OF_YAML = /^([ \t]*(?:-[ \t]+)?)env_(\w+)([ \t]*:[^\n]*\n(?:\1[ \t]+\S.*(?:\n|$))*)/gm;

/** The environments of pm2's that commands ask for; an empty name where one asks for none. */
export function environmentsIn(commands: readonly string[]): Set<string> {
  const all = commands.flatMap((command) => command.match(STARTS) ?? []);
  return new Set(all.map((start) => ASKS.exec(start)?.[1] ?? ""));
}

/** A file of pm2's with the variables of one environment where all apps have them, and without those of others. */
export function inEnvironment(content: string, asked: string): string {
  const chosen = (part: string, before: string, name: string, rest: string) =>
    name === asked ? `${before}env${rest}` : part.replace(/[^\n]/g, " ");
  return content
    .replace(OF_OBJECT, (part, quote, name, rest) => chosen(part, quote, name, `${quote}${rest}`))
    .replace(OF_YAML, (part, before, name, rest) => chosen(part, before, name, rest));
}
