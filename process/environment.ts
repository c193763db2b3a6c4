/**
 * The environment of a child of the program. Pulumi tells the program its whole configuration by variables, secrets in clear; whoever may read the environment of a
 * child would find them there once more.
 */
export function childEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("PULUMI_")));
}
