import { describe, expect, it } from "vitest";
import { expandVariables } from "../../../config/variables/expand.ts";

describe("variables of the configuration", () => {
  it("fills in SERVER_HOST and SERVER_USER at any depth (A7)", () => {
    const host = { address: "${SERVER_HOST}", user: "${SERVER_USER}", port: 22, nested: { name: "db.${SERVER_HOST}" } };
    expect(expandVariables("host", host, { SERVER_HOST: "192.0.2.10", SERVER_USER: "deploy" })).toEqual({
      value: { address: "192.0.2.10", user: "deploy", port: 22, nested: { name: "db.192.0.2.10" } },
      problems: [],
    });
  });

  it("leaves a value's own dollar signs alone", () => {
    const text = "$5 and $HOME and $$";
    expect(expandVariables("x", text, {}).value).toBe(text);
  });

  it("does not expand a variable's value again", () => {
    expect(expandVariables("x", "${A}", { A: "${B}", B: "b" }).value).toBe("${B}");
  });

  it("rejects each variable that is unset or empty, by path and name", () => {
    const { problems } = expandVariables(
      "host",
      { address: "${SERVER_HOST}", user: "${SERVER_USER}" },
      { SERVER_USER: "" },
    );
    expect(problems.map(({ path, what }) => `${path}: ${what}`)).toEqual([
      "host.address: needs the variable SERVER_HOST, which is not set",
      "host.user: needs the variable SERVER_USER, which is empty",
    ]);
  });
});
