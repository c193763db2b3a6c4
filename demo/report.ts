import { relative } from "node:path";
import { checkout } from "../toolchain/paths.ts";
import type { Answer } from "./answers.ts";
import { projectFolder, shellFile, sshFile, stacks } from "./paths.ts";
import type { StackOutputs } from "./stack.ts";

/** What an operator sees of each stack. */
export function outputLines(outputs: readonly StackOutputs[]): readonly string[] {
  return stacks.flatMap((stack, index) => {
    const of = outputs[index];
    if (of === undefined) return [];
    const { project, directory, volumes, images, live } = of;
    return [
      "",
      `${stack}: project ${project} in ${directory}`,
      `  live     ${live.colour}, release ${live.release}, since ${live.since}`,
      `  volumes  ${Object.entries(volumes)
        .map(([service, volume]) => `${service} ${volume}`)
        .join(", ")}`,
      ...Object.entries(images).map(
        ([service, image]) => `  image    ${service.padEnd(width(images))}  ${shortened(image)}`,
      ),
    ];
  });
}

function width(by: Readonly<Record<string, string>>): number {
  return Math.max(...Object.keys(by).map((name) => name.length));
}

function shortened(image: string): string {
  return image.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, "$1…");
}

/** What each service said when it was asked. */
export function answerLines(answers: readonly Answer[]): readonly string[] {
  const rows = answers.map(({ stack, service, port, text, good }) => {
    const name = `${stack} ${service}`.padEnd("production prometheus".length);
    return `  ${name}  ${port.padStart(5)}  ${good ? "" : "DOES NOT ANSWER: "}${text}`;
  });
  return ["", "the services' own answers, on the server:", ...rows];
}

/** What to look at next. */
export function nextLines(): readonly string[] {
  const [ssh = "", shell = "", folder = ""] = [sshFile, shellFile, projectFolder].map((path) =>
    relative(checkout, path),
  );
  const commands = [
    [`ssh -F ${ssh} server docker ps`, "what runs on the server"],
    [`ssh -F ${ssh} -N -L 3001:127.0.0.1:3001 server`, "production's grafana at http://localhost:3001"],
    [`source ${shell}`, `then you are in ${folder}, and the next two work`],
    ["slipway preview --stack staging", "what an up would change: nothing"],
    ["pulumi stack output --stack production", "what an operator needs to know"],
    ["npm run demo", "again: changes nothing, and says so"],
    ["npm run demo:down", "removes everything"],
  ] as const;
  const column = Math.max(...commands.map(([command]) => command.length));
  return [
    "",
    "what to look at next:",
    ...commands.map(([command, what]) => `  ${command.padEnd(column)}  ${what}`),
    "",
  ];
}
