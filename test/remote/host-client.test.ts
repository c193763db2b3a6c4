import { describe, expect, it, test } from "vitest";
import { StubSsh } from "./stub-ssh.ts";
import { observed } from "../model/facts/observed.ts";

const wants = { directory: "/srv/shop", projects: ["shop"], ports: ["80"], volumes: ["data"], clusters: { data: "." } };

describe("the ssh of a host client", () => {
  it("gets the caller's agent, and none of Pulumi's variables for the program", async () => {
    const ssh = new StubSsh('echo "$SSH_AUTH_SOCK ${PULUMI_CONFIG-nothing}" >"$folder/told"');
    const pulumi = { PULUMI_CONFIG: '{"a:password":"canary"}' };
    await ssh.client({ environment: { ...ssh.environment, ...pulumi } }).close();
    expect(ssh.lines("told")).toEqual(["/agent/of/the/caller nothing"]);
  });

  test.each([
    [
      "root",
      "bash -c 'umask 077 && mkdir -p /run/slipway && program=$(mktemp /run/slipway/program.XXXXXX)" +
        ` && head -c "$1" >"$program" && shift && exec bash "$program" "$@"' slipway 9 attend shop/test`,
    ],
    ["deploy", "sudo -n /usr/local/sbin/slipway-root attend shop/test 9"],
  ])("runs the program for the user %s with one command", async (user, command) => {
    const ssh = new StubSsh('for last; do :; done; echo "$last" >"$folder/command"; cat >"$folder/stdin"');
    await ssh.client({ user, program: "program\n\n" }).close();
    expect(ssh.lines("command")).toEqual([command]);
    expect(ssh.lines("stdin")).toEqual(["program", "", "end"]);
  });
});

describe("a host client", () => {
  it("sends what it wants to know, and reads the answer", async () => {
    const ssh = new StubSsh();
    const client = ssh.client();
    expect((await client.observe(wants)).host).toEqual(observed().host);
    await client.close();
    const wanted = ["directory /srv/shop", "project shop", "port 80", "volume data", "cluster data ."];
    expect(ssh.lines()).toEqual([...wanted.map((line) => `want ${line}`), "observe", "end"]);
  });

  it("rejects a line with a control character, which could be more lines, and does not show it", async () => {
    const ssh = new StubSsh();
    const client = ssh.client();
    const clusters = { data: "x\nlease 1 evil evil\nremove claim" };
    await expect(client.observe({ ...wants, clusters })).rejects.toThrow(
      /^a line 'want …' for the server contains a control character$/,
    );
    expect(() => client.stage("A\rB", "value")).toThrow("a line 'secret …' for the server");
    await client.close();
    expect(ssh.lines().filter((line) => /^(lease|remove|secret)/.test(line))).toEqual([]);
  });

  it("passes on the server's messages, even those before its first answer", async () => {
    const ssh = new StubSsh('echo early >&2; read -r line; echo \'{"fact":"session"}\'; read -r line; echo late >&2');
    const client = ssh.client();
    await client.lease(1, "shop/test, me");
    await client.close();
    expect(ssh.said).toEqual(["early", "late"]);
  });

  it("rejects with the reason why ssh ended, and prints it once", async () => {
    const ssh = new StubSsh('echo "deploy@192.0.2.1: Permission denied (publickey)." >&2; exit 255');
    await expect(ssh.client().observe(wants)).rejects.toThrow(
      "it refuses the keys of user 'deploy'; load the right one",
    );
    expect(ssh.said).toEqual([]);
  });

  it("rejects with the exit code of an ssh that prints nothing", async () => {
    await expect(new StubSsh("exit 7").client().observe(wants)).rejects.toThrow(
      "ssh ended without a word (exit code 7)",
    );
  });
});
