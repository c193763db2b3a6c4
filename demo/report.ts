import { relative } from "node:path";
import { quoteWords } from "../model/shell.ts";
import type { TestServer } from "../test/hosts/servers.ts";
import { checkout } from "../toolchain/paths.ts";
import type { Answer } from "./answers.ts";
import { projectFolder, shellFile, stacks } from "./place.ts";
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
export function nextLines(server: TestServer): readonly string[] {
  const folder = relative(checkout, projectFolder);
  return [
    "",
    "what to look at next:",
    `  the server       ${quoteWords(server.sshWords())}`,
    `  a page           curl http://${server.networkAddress}:8081/`,
    `  by hand          source ${relative(checkout, shellFile)}   (then you are in ${folder}, and pulumi and slipway work)`,
    "                   slipway preview --stack staging",
    "                   pulumi stack output --stack production",
    "  again            npm run demo        changes nothing, and says so",
    "  gone             npm run demo:down",
    "",
  ];
}
