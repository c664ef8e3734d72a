/** The id of a client's part of the page. */
export function clientId(module: string): string {
  return `client-${module.replace(/[^\w-]/g, (character) => `_${character.charCodeAt(0).toString(16)}`)}`;
}

/** The id of a scenario's timeline. */
export function scenarioId(module: string, index: number): string {
  return `${clientId(module)}-${index + 1}`;
}
