/** Sets FLUSHGUARD or FLUSHGUARD_TARGETS to something else than on, in a mapping or a list. */
const SWITCHES =
  /\bFLUSHGUARD(?:_TARGETS["']?\s*(?::|\n)|["']?\s*(?:\n|:\s*(?:\{\s*"value"\s*:\s*)?["']?(?!["']?(?:on|true|1|yes)\b)\S))/i;

/** Files that start something, or say what it is given, in a form that is not read, by their names and what is in them. */
export const UNREAD: readonly { name: RegExp; has?: RegExp }[] = [
  { name: /^serverless\.(?:[cm]?[jt]s|json)$/ },
  { name: /^template\.json$/, has: /"AWS::Serverless::Function"/ },
  { name: /^task-?def(?:inition)?\b.*\.json$/, has: /"containerDefinitions"/ },
  {
    name: /(?:^|[-_.])(?:deployment|pod|statefulset|daemonset|cronjob|k8s)\.json$/,
    has: /"kind"\s*:[\s\S]*"containers"\s*:/,
  },
  { name: /\.ya?ml$/, has: /\bkind["']?\s*:[\s\S]*[{,]\s*["']?containers["']?\s*:/ },
  {
    name: /^kustomization\.ya?ml$/i,
    has: /^(?:patches\w*|(?:configMap|secret)Generator|generators|transformers|replacements|components|helmCharts|vars)\s*:/m,
  },
  // A template may set what is in these files, or not.
  { name: /^values(?:[-_.].*)?\.ya?ml$/, has: SWITCHES },
  { name: /^app\.json$/, has: SWITCHES },
  { name: /^captain-definition$/ },
  { name: /\.nomad(?:\.hcl)?$/ },
  { name: /^web\.config$/, has: /\b(?:iisnode|node(?:\.exe)?)\b/ },
  { name: /^(?:vercel|now|host)\.json$|^wrangler\.(?:toml|jsonc?)$|^(?:apprunner|\.platform\.app)\.ya?ml$/ },
  { name: /^sst\.config\.[cm]?[jt]s$|^cdk\.json$|^Pulumi\.ya?ml$/ },
  { name: /^netlify\.toml$/, has: /\bfunctions\b/ },
  { name: /^firebase\.json$/, has: /"functions"\s*:/ },
  { name: /\.tf$/, has: /\b(?:command|handler|entry_?point|container_definitions|NODE_OPTIONS)\b/i },
  { name: /\.container$/, has: /^\[Container\]/m },
  { name: /\.plist$/, has: /\bProgramArguments\b/ },
];
