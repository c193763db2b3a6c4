import { describe, expect, it } from "vitest";
import { composeOf, read } from "./trial.ts";

describe("a network of the engine itself (SEC-D8)", () => {
  const service = "image: app\nnetworks: [mine]";

  it.each(["host", "none", "bridge"])("is refused as an external network where it is called %s", (name) => {
    const todo = `remove it, and write \`network_mode: ${name}\` in the services that join it`;
    const message = `the network 'mine' is one of the engine's own, got '${name}'; ${todo}`;
    for (const top of [`external: true\n    name: ${name}`, `external:\n      name: ${name}`, `name: ${name}`]) {
      const { problems } = read(composeOf(service, `networks:\n  mine:\n    ${top}`));
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain(message);
    }
  });

  it("is refused by its key as well, and another one that is called so in the file is not", () => {
    const joined = composeOf("image: app\nnetworks: [bridge]", "networks:\n  bridge:\n    external: true");
    expect(read(joined).problems).toHaveLength(1);
    expect(read(composeOf("image: app\nnetworks: [bridge]", "networks:\n  bridge: {}")).problems).toEqual([]);
  });
});
