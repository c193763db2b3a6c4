import { stagedStackEnvFile } from "../../env-folder.ts";
import type { EnvVariable } from "./env-file.ts";
import { isOfStack, stagedEnvFile, writtenEnvFiles, type ServiceEnvFile } from "./env-files.ts";

/**
 * Lists, by the staged name of each env file, the names in it whose values are no secrets, so that a server does not
 * hide them in logs. A name counts only if the value that is sent is the plain one.
 */
export function plainEntries(
  services: readonly { readonly envFiles: readonly ServiceEnvFile[] }[],
  values: readonly EnvVariable[],
  plain: Readonly<Record<string, string>>,
): Record<string, string[]> {
  const open = new Set(
    values.filter(({ name, value }) => Object.hasOwn(plain, name) && plain[name] === value).map(({ name }) => name),
  );
  const ofStack = values.map(({ name }) => name).filter((name) => isOfStack(name) && open.has(name));
  const others = Object.entries(writtenEnvFiles(services)).map(([path, entries]): [string, string[]] => {
    const names = Object.entries(entries).flatMap(([name, variable]) => (open.has(variable) ? [name] : []));
    return [stagedEnvFile(path), names];
  });
  return Object.fromEntries([[stagedStackEnvFile, ofStack] as const, ...others]);
}
