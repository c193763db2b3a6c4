import { listOf, mapOf, textOf, type Json, type JsonMap } from "../../json.ts";
import type { ReaderContext } from "../context.ts";
import type { NormalService } from "../normal-service.ts";
import { labelOf } from "../project/load.ts";
import { parseDotenv } from "./dotenv.ts";

/** The labels of a service's label files, below those that it writes itself. */
export function readLabels(context: ReaderContext, name: string, service: NormalService): JsonMap {
  const found = listOf(service.fields["label_file"]).flatMap((file, index) =>
    labelsOf(context, textOf(file) ?? "", {
      refuse: (what, todo) => {
        const path = service.place("label_file", String(index));
        context.problems.push({ path, what: `service '${name}' ${what}`, todo });
        return [];
      },
    }),
  );
  return { ...Object.fromEntries(found), ...mapOf(service.fields["labels"]) };
}

type Label = [name: string, value: Json];

function labelsOf(
  context: ReaderContext,
  path: string,
  { refuse }: { refuse: (what: string, todo: string) => Label[] },
): Label[] {
  const entry = context.folder.entry(path);
  const file = labelOf(context, path);
  if (entry.kind !== "file")
    return refuse(`has a label_file that does not exist, got '${file}'`, "correct the path, or add the file");
  if (entry.tracked === undefined)
    return refuse(
      `has a label_file that git does not track, got '${file}'`,
      "commit it; labels are no place for secrets",
    );
  const secrets: string[] = [];
  const parsed = parseDotenv(context.folder.text(path) ?? "", (variable) => {
    if (context.secrets.includes(variable)) secrets.push(variable);
    return context.variables[variable];
  });
  const [secret] = secrets;
  if (secret !== undefined) {
    const what = `has the secret ${secret} in its label_file '${file}', and anybody on the server may read labels`;
    return refuse(what, "use a variable that is not secret");
  }
  if (!("variables" in parsed))
    return refuse(`has a label_file with a line that is not a label, got ${file}:${parsed.line}`, "write NAME=value");
  return [...parsed.variables].map(([label, value]): Label => [label, value.replaceAll("$", "$$$$")]);
}
