/**
 * The environment for a child of the program. Pulumi tells the program its whole configuration by variables, secrets in
 * clear. Without them, no one can read these secrets from the environment of a child.
 */
export function childEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("PULUMI_")));
}
