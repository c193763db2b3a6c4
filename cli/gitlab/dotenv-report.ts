import type { StackOutputs } from "../../model/stack/outputs.ts";

/** Limits of a dotenv report on every GitLab. Beyond them the job fails, although the deployment went well. */
export const dotenvLimits = { bytes: 5 * 1024, variables: 20 } as const;

/** Variables for later jobs. */
interface DotenvReport {
  readonly text: string;
  /** Names of the variables that are left out. */
  readonly omitted: readonly string[];
}

/** The outputs of a stack that later jobs may use. */
interface ReportedOutputs extends Pick<StackOutputs, "project" | "directory"> {
  /** By name. */
  readonly hosts: Readonly<Record<string, Pick<StackOutputs["hosts"][string], "address" | "urls" | "images">>>;
  /** By host. */
  readonly live: Readonly<Record<string, { readonly release: string; readonly colour: string }>>;
}

/**
 * The variables of a stack, the important ones first. Each begins with the stack's name, since one pipeline deploys
 * several. Those of a service do not name its host, so that they stay when it moves to another one.
 */
export function outputVariables(stack: string, outputs: ReportedOutputs): readonly (readonly [string, string])[] {
  const { project, directory, live } = outputs;
  const hosts = Object.entries(outputs.hosts);
  const by = (word: string, values: Readonly<Record<string, string>>): [string, string][] =>
    Object.entries(values).map(([name, value]) => [`${name}_${word}`, value]);
  const all: [string, string][] = [
    ...Object.values(live).flatMap(({ release, colour }) => Object.entries({ release, colour })),
    ...Object.entries({ project, directory }),
    ...hosts.map(([name, { address }]): [string, string] => [`${name}_address`, address]),
    ...hosts.flatMap(([, { urls }]) => by("url", urls)),
    ...hosts.flatMap(([, { images }]) => by("image", images)),
  ];
  return all.map(([name, value]) => [variableName(`${stack}_${name}`), value]);
}

function variableName(words: string): string {
  return words.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");
}

/** Writes as many variables as GitLab takes. The format cannot quote, so it omits values with spaces or quotes. */
export function dotenvReport(variables: readonly (readonly [string, string])[]): DotenvReport {
  const lines: string[] = [];
  const omitted: string[] = [];
  let bytes = 0;
  for (const [name, value] of variables) {
    const line = `${name}=${value}\n`;
    const fits = lines.length < dotenvLimits.variables && bytes + line.length <= dotenvLimits.bytes;
    if (!fits || !/^[!-~]+$/.test(value) || /["'`\\$#]/.test(value)) {
      omitted.push(name);
      continue;
    }
    lines.push(line);
    bytes += line.length;
  }
  return { text: lines.join(""), omitted };
}
