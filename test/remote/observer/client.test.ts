import { expect, test } from "vitest";
import { ObserverClient } from "../../../remote/observer/client.ts";
import { observed } from "../../model/facts/observed.ts";
import { connectionTo, observerAnswers, StubSsh } from "../stub-ssh.ts";

const scope = {
  projects: ["shop"],
  ports: ["80"],
  volumes: ["data"],
  networks: [],
  containers: [],
  subnets: [],
  bridges: [],
  bound: {},
  clusters: {},
};

test("a key that only observes logs in as its own user, and sends its words in a line (SEC-A6)", async () => {
  const told = `for word; do printf '%s\\n' "$word"; done >"$folder/told"\n${observerAnswers}`;
  const ssh = new StubSsh(told);
  const { environment } = ssh;
  const options = { connection: connectionTo("deploy"), stack: "shop/test", environment, say: () => undefined };
  const client = new ObserverClient(options);
  expect(await client.observe(scope)).toEqual(observed());
  await client.close();
  const words = ssh.lines("told");
  expect(words[words.indexOf("-l") + 1]).toBe("slipway-observe");
  expect(words.at(-1)).toBe("sudo -n /usr/local/sbin/slipway-root observe");
  expect(ssh.lines("words")).toEqual(["shop/test"]);
  expect(ssh.requests()).toEqual([{ do: "observe", scope }, { do: "end" }]);
});
