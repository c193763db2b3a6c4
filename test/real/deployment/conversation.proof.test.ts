import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CaseDeployment } from "./case-deployment.ts";
import { stackName } from "./configuration.ts";
import { runOn } from "./containers.ts";
import { conversationFaults } from "./conversation.ts";
import { samples } from "./deployments.ts";

const long = 600_000;
const remains = new AsyncDisposableStack();
let opened: CaseDeployment;

beforeAll(async () => {
  const sample = samples.find(({ name }) => name === "queue");
  if (sample === undefined) throw new Error("there is no such sample");
  opened = remains.use(await CaseDeployment.open(sample, join(import.meta.dirname, "samples")));
  await opened.project.succeed("up", stackName, opened.server);
}, long);
afterAll(() => remains.disposeAsync(), long);

test(
  "a service that is taken out of its network is missed, and asks in vain",
  async () => {
    expect(await conversationFaults(opened)).toEqual([]);
    const networks = "docker inspect --format '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}'";
    await runOn(
      opened.server,
      `for network in $(${networks} queue-queue); do docker network disconnect "$network" queue-queue; done`,
    );
    const faults = (await conversationFaults(opened, 1)).join("\n");
    expect(faults).toMatch(/^worker asks queue at 6379\/tcp: queue answers, got nobody \(no such name\)$/m);
    expect(faults).toMatch(/^queue asks worker at \d+\/tcp: worker answers, got nobody/m);
  },
  long,
);
