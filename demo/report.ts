import { relative } from "node:path";
import { checkout } from "../toolchain/paths.ts";
import type { Answer } from "./answers.ts";
import { versions } from "./project.ts";
import { projectFolder, shellFile, sshFile, stacks } from "./paths.ts";
import type { StackOutputs } from "./stack.ts";

/** The lines about each stack's outputs. */
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

/** The width of the column of names. */
function width(by: Readonly<Record<string, string>>): number {
  return Math.max(...Object.keys(by).map((name) => name.length));
}

/** An image reference with a short digest. */
function shortened(image: string): string {
  return image.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, "$1…");
}

/** The lines with the answers of the services. */
export function answerLines(answers: readonly Answer[]): readonly string[] {
  const ports = Math.max(...answers.map(({ port }) => port.length));
  const rows = answers.map(({ stack, service, port, text, good }) => {
    const name = `${stack} ${service}`.padEnd("production prometheus".length);
    return `  ${name}  ${port.padEnd(ports)}  ${good ? "" : "DOES NOT ANSWER: "}${text}`;
  });
  return ["", "answers of the services, on the server:", ...rows];
}

/** The lines with commands to try next. */
export function nextLines(): readonly string[] {
  const [ssh = "", shell = "", folder = ""] = [sshFile, shellFile, projectFolder].map((path) =>
    relative(checkout, path),
  );
  const commands = [
    [`ssh -F ${ssh} server docker ps`, "what runs on the server"],
    [`ssh -F ${ssh} -N -L 3001:127.0.0.1:3001 server`, "production's grafana at http://localhost:3001"],
    [`source ${shell}`, `prepares your shell for the next commands, in ${folder}`],
    ["slipway status", "what runs, since when, what is held, and how to go back"],
    ["slipway logs api --stack staging", "what the live release prints"],
    ["slipway preview --stack staging", "what an up would change: nothing"],
    [
      `cp ../release-${versions.fails}.json release.json`,
      `chooses a release that fails; docs/operating.md names others`,
    ],
    ["slipway up --stack staging", "deploys it, and switches back"],
    ["pulumi stack output --stack production", "what an operator needs to know"],
    ["npm run demo", "runs the demo again, which changes nothing"],
    ["npm run demo:down", "removes everything"],
  ] as const;
  const column = Math.max(...commands.map(([command]) => command.length));
  return [
    "",
    "commands to try next:",
    ...commands.map(([command, what]) => `  ${command.padEnd(column)}  ${what}`),
    "",
  ];
}
