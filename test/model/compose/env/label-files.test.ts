import { describe, expect, it } from "vitest";
import { composeOf, read, readService } from "../trial.ts";

const files = { "labels/a.env": "a=1\n# note\nb='$x'\nc=\"of ${HOST}\" # end\n", "b.env": "export b=2\n" };

describe("label files", () => {
  it("give labels below those of the service, later files above earlier ones", () => {
    const compose = composeOf("label_file: [labels/a.env, ./b.env]\nlabels: [d=3]");
    expect(readService("api", compose, { files, variables: { HOST: "h" } }).fields).toEqual({
      labels: { a: "1", b: "2", c: "of h", d: "3" },
    });
  });

  it("hold dollar signs that Compose on the server leaves alone", () => {
    const { fields } = readService("api", composeOf("label_file: labels/a.env"), { files, variables: { HOST: "h" } });
    expect(fields["labels"]).toMatchObject({ b: "$$x" });
  });

  it.each([
    ["none.env", "has a label_file that does not exist, got 'none.env'; correct the path, or add the file"],
    ["own.env", "has a label_file that git does not track, got 'own.env'; commit it; labels are no place for secrets"],
    ["bad.env", "has a label_file with a line that is not a label, got bad.env:2; write NAME=value"],
    [
      "secret.env",
      "has the secret TOKEN in its label_file 'secret.env', and anybody on the server may read labels; " +
        "use a variable that is not secret",
    ],
  ])("are rejected: %s", (file, problem) => {
    const all = { "own.env": { untracked: "a=1" }, "bad.env": "a=1\n=2\n", "secret.env": "a=${TOKEN}\n" };
    const { problems } = read(composeOf(`label_file: ${file}`), { files: all, secrets: ["TOKEN"] });
    expect(problems).toEqual([`compose.yaml:3:5: service 'api' ${problem}`]);
  });
});
