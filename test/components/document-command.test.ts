import { describe, expect, it } from "vitest";
import { documentCommand } from "../../components/document-command.ts";
import { connectionInput, connectionOf, sshConnection } from "../../model/connection.ts";
import { observed } from "../model/facts/observed.ts";
import { releaseDocuments, sharedDocuments } from "../model/plan/parts-of-plan.ts";
import { planOf } from "../model/plan/applied-plan.ts";
import { shop, site } from "../model/stack/small-applications.ts";
import { record } from "./recorded.ts";

const server = { address: "server.test", port: 22, user: "deploy", hostKey: "ssh-ed25519 AAAA" };
const connection = sshConnection(server);

/** The recorded inputs of commands, by their name. */
async function inputsOf(build: () => unknown): Promise<Record<string, unknown>> {
  const commands = (await record(build)).filter(({ type }) => type === "command:remote:Command");
  return Object.fromEntries(commands.map(({ name, inputs }) => [name, inputs]));
}

describe("the command of a document", () => {
  it("sends it on stdin over a pinned connection to a constant command line", async () => {
    const { claim } = planOf(site(), observed());
    expect(await inputsOf(() => documentCommand("claim", { connection, stack: "site/production" }, claim, {}))).toEqual(
      {
        claim: {
          connection: {
            ...{ host: "server.test", port: 22, user: "deploy", hostKey: "ssh-ed25519 AAAA" },
            ...{ dialErrorLimit: 3, perDialTimeout: 10 },
          },
          create: "sudo -n /usr/local/sbin/slipway-root verb site/production claim apply",
          delete: "sudo -n /usr/local/sbin/slipway-root verb site/production claim delete",
          stdin: claim.text,
          addPreviousOutputInEnv: false,
        },
      },
    );
  });

  it("runs the verb of the document's kind, which several documents may share", async () => {
    const plan = planOf(shop(), observed());
    const { compose: shared } = sharedDocuments(plan);
    const { proxy, rollout } = releaseDocuments(plan);
    const inputs = await inputsOf(() => {
      for (const planned of [shared, proxy, rollout]) {
        documentCommand(planned.document.resource, { connection, stack: "shop/staging" }, planned, {});
      }
    });
    const common = { connection: connectionInput(connection), addPreviousOutputInEnv: false };
    const run = "sudo -n /usr/local/sbin/slipway-root verb shop/staging";
    expect(inputs).toEqual({
      shared: { ...common, create: `${run} compose apply`, delete: `${run} compose delete`, stdin: shared.text },
      proxy: { ...common, create: `${run} compose apply`, delete: `${run} compose delete`, stdin: proxy.text },
      rollout: { ...common, create: `${run} rollout apply`, delete: `${run} rollout delete`, stdin: rollout.text },
    });
  });

  it("names the stack's own program as root, without sudo", async () => {
    const asRoot = { connection: connectionOf({ ...server, user: "root" }), stack: "site/production" };
    const { networks } = planOf(site(), observed());
    const { networks: inputs } = await inputsOf(() => documentCommand("networks", asRoot, networks, {}));
    expect(inputs).toMatchObject({
      create: "/var/lib/slipway/stacks/site@production/slipway verb site/production networks apply",
      stdin: networks.text,
    });
  });

  it("has the name and the options of its caller", async () => {
    const { claim } = planOf(site(), observed());
    const [recorded] = (
      await record(() =>
        documentCommand("given", { connection, stack: "site/production" }, claim, { retainOnDelete: true }),
      )
    ).filter(({ type }) => type === "command:remote:Command");
    expect({ name: recorded?.name, kept: recorded?.options.retainOnDelete }).toEqual({ name: "given", kept: true });
  });

  it("runs on this machine in a session of its own, with none of a job's variables (E14)", async () => {
    const { claim } = planOf(site(), observed());
    const own = { connection: connectionOf({ ...server, connection: "local" }), stack: "site/production" };
    const [recorded] = (await record(() => documentCommand("claim", own, claim, {}))).filter(
      ({ type }) => type === "command:local:Command",
    );
    const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    const run = `setsid --wait env -i HOME=/root PATH=${path} sudo -n /usr/local/sbin/slipway-root`;
    expect(recorded?.inputs).toEqual({
      create: `${run} verb site/production claim apply`,
      delete: `${run} verb site/production claim delete`,
      stdin: claim.text,
      addPreviousOutputInEnv: false,
    });
  });
});
