import type { Kind } from "./kinds.js";
import { joinedText, type Line, type Scope } from "./scopes.js";
import { words } from "./shell.js";
import { taskAs } from "./tasks.js";

/** What an image is, or runs, that has no app of Node's in it. */
const NO_APP =
  /\b(?:nginx|caddy|httpd|apache2?|haproxy|envoy|traefik|postgres|mysql|mariadb|mongo|redis|python3?|ruby|gunicorn|uvicorn|celery|bundle|puma|sidekiq|dotnet|golang|php|openjdk|java|rust|docker|podman|sleep|tail|(?:npm|yarn|pnpm)["',\s]+(?:run["',\s]+)?(?:test|lint|build|bench|check))\b|(?:^|[\s"'/[])(?:ba|a|z)?sh["'\s\]]*$|\nType\s*=\s*oneshot|\bpm2(?:-runtime)?\b.*\.(?:[cm]?js|json|ya?ml)\b|\b(?:nf|foreman|honcho|overmind|hivemind)\b/i;

/** Whether what an image is, or runs, has no app of Node's in it. */
export function startsNoApp(text: string): boolean {
  return NO_APP.test(text);
}

/** Whether what a scope runs is of this app for sure. */
export function startsApp(kind: Kind, scope: Scope): boolean {
  return kind.startsApps === true || scope.some(({ text }) => /^\s*(?:-\s+)?build\s*:/.test(text));
}

/** Whether a line runs a program of which nothing here tells what it starts. */
export function runsOther({ text }: Line, scope: Scope, { command, isImage }: Kind, directory: string): boolean {
  if (command?.test(text) !== true || startsNoApp(joinedText(scope))) return false;
  return isImage === true || !words(text).some((word) => taskAs(word, directory).isTask === true);
}
