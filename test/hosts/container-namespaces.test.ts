import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { ContainerNamespaces } from "./container-namespaces.ts";

test("no command runs in a container whose first process has ended or never existed", async () => {
  const first = spawn("sleep", ["600"]);
  const container = new ContainerNamespaces(first.pid ?? 0);
  first.kill("SIGKILL");
  await once(first, "exit");
  expect(await container.run(["true"], "root", "")).toBeUndefined();
  expect(await new ContainerNamespaces(0).run(["true"], "root", "")).toBeUndefined();
  expect(await new ContainerNamespaces(NaN).run(["true"], "root", "")).toBeUndefined();
});
