import { lstatSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readOffline } from "../../config/offline.ts";
import { configurationError, messageOf, UserError } from "../../model/problem.ts";
import { planFresh } from "../../model/report/server-files.ts";
import { showServerFiles } from "../../model/report/server-files-text.ts";
import { exitCodes } from "../exit-code.ts";
import { print } from "../output.ts";
import { requireStackName } from "../stack-name.ts";
import type { Call, Command } from "./command.ts";

/** `slipway render`: shows the files that a server would get, without a key, a state, a server or a value. */
export const render: Command = {
  name: "render",
  usage: "[--out <folder>]",
  summary: "prints the files that a server would get",
  details: [
    "",
    "It reads the files of the repository alone. It prints the compose file of each part, the proxy's configuration",
    "and routes, the names of the files that are delivered, and the names of the variables that each service uses.",
    "It needs neither key, state nor network, and knows no value of a secret. The release is shown in one colour.",
    "--out writes the same as files below a folder, which must be empty or not there yet.",
    "docs/render.md shows an example.",
  ],
  run: renderFiles,
};

async function renderFiles(call: Call): Promise<number> {
  const out = outOf(call);
  const { folder, environment } = call;
  const stack = requireStackName(call);
  const { read, unknown, problems, variables } = await readOffline({ folder, stack, environment });
  if (read === undefined || problems.length > 0) throw configurationError(problems);
  const namesKnown = variables.source.names === "known";
  const plan = planFresh({ deployment: read.deployment, unknown, namesKnown, plain: {} });
  const { files, lines } = showServerFiles(plan, unknown);
  if (out === undefined) lines.forEach((line) => print(line));
  else {
    writeBelow(out, files);
    print(`${plan.stack.name}: wrote ${files.size} files below ${out}`);
  }
  return exitCodes.done;
}

function outOf(call: Call): string | undefined {
  try {
    const { out } = parseArgs({ args: [...call.words], options: { out: { type: "string" } } }).values;
    return out === undefined ? undefined : resolve(out);
  } catch (error) {
    const said = messageOf(error).split(/[.\n]/)[0] ?? "";
    const what = `does not know the words '${call.words.join(" ")}' (${said})`;
    throw new UserError({ path: "slipway render", what, todo: "see the command's --help" }, { usage: true });
  }
}

/** Writes files below a folder that is empty or new. Each is created, so none is written through a link. */
function writeBelow(folder: string, files: ReadonlyMap<string, string>): void {
  requireEmpty(folder);
  for (const [path, text] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: "wx" });
  }
}

function requireEmpty(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined || (found.isDirectory() && readdirSync(folder).length === 0)) return;
  const is = found.isSymbolicLink() ? "is a link" : found.isDirectory() ? "is not empty" : "is not a folder";
  throw new UserError({ path: "--out", what: `${is}, got '${folder}'`, todo: "name a folder that does not exist yet" });
}
