import { generateKeyPairSync } from "node:crypto";
import { generateX25519Identity } from "age-encryption";
import { describe, expect, it } from "vitest";
import { checkTrackedFiles, plainSecrets } from "../../../secrets/source/plain-secrets.ts";
import { fixture } from "../fixture.ts";

const age = await generateX25519Identity();
const { privateKey } = generateKeyPairSync("ed25519");
const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();

function found(path: string, text: string): string[] {
  return plainSecrets([{ path, text: () => text }]).map((problem) => `${problem.path}: ${problem.what}`);
}

describe("reasons for files that git tracks (M11)", () => {
  const files = [
    { path: "test/server.key", text: () => pem },
    { path: ".env", text: () => "API_TOKEN=canary\n" },
  ];
  const said = (reasons: Readonly<Record<string, string>>): unknown => {
    const { problems, notes } = checkTrackedFiles(files, reasons);
    return { problems: problems.map(({ path, todo }) => [path, todo.split(", ").at(-1)]), notes };
  };

  it("let these files stay, as notes of the plan, and no other", () => {
    expect(said({ "test/server.key": "a key of tests" })).toEqual({
      problems: [[".env", "or say in policy.tracked why '.env' may stay"]],
      notes: ["test/server.key:1: holds a private key that git tracks; it stays: a key of tests"],
    });
  });

  it("are rejected for a file in which nothing is found, and for a name that every object has", () => {
    expect(said({ "test/server.key": "x", ".env": "x", "other.key": "x" })).toMatchObject({
      problems: [["policy.tracked.other.key", "remove it"]],
    });
    expect(checkTrackedFiles([{ path: "constructor", text: () => pem }], {}).problems).toHaveLength(1);
  });
});

describe("the check of files that git tracks (F106)", () => {
  it("tells how an env file that services use keeps all else that is in it, and removes any other", () => {
    const file = { path: ".env", text: () => "API_TOKEN=canary\nMODE=fast\n" };
    const todos = [false, true].flatMap((isUsed) => plainSecrets([{ ...file, isUsed }]).map(({ todo }) => todo));
    expect(todos).toEqual([
      "remove it with `git rm`, change every secret in it, and encrypt the new ones",
      "write `NAME=${NAME}` for each of them, and give the stack new values (docs/secrets.md)",
    ]);
  });

  it.each<[string, string, string, string]>([
    [
      "an age key in its file",
      "key.txt",
      `# public key: age1\n${age}\n`,
      "key.txt:2: holds an age key that git tracks",
    ],
    [
      "an age key in the middle of a script",
      "a.sh",
      `export X=${age}; run`,
      "a.sh:1: holds an age key that git tracks",
    ],
    ["a private key", "deploy", pem, "deploy:1: holds a private key that git tracks"],
    ["a private key inside of YAML", "a.yaml", `key: |\n  x\n${pem}`, "a.yaml:3: holds a private key that git tracks"],
    [
      "an env file",
      "deploy/.env",
      "API_TOKEN=canary\n",
      "deploy/.env: is an env file in plain text that git tracks, with values of API_TOKEN",
    ],
    [
      "an env file of an environment",
      "prod.env",
      "DB=postgres://app:canary@db/app\n",
      "prod.env: is an env file in plain text that git tracks, with values of DB",
    ],
    [
      "an empty env file with a name for plain text (A10)",
      "x.plain.env",
      "",
      "x.plain.env: is an env file in plain text that git tracks",
    ],
    [
      "a secret that is the default of a variable, or beside one",
      ".env",
      "A_TOKEN=${A_TOKEN:-canary}\nB_TOKEN=canary${B}\nC_TOKEN='${C_TOKEN}'\nD_TOKEN=$canary\n",
      ".env: is an env file in plain text that git tracks, with values of A_TOKEN, B_TOKEN, C_TOKEN, D_TOKEN",
    ],
  ])("rejects %s", (_, path, text, problem) => {
    expect(found(path, text)).toEqual([problem]);
  });

  it.each([
    ["an encrypted file", "staging.env", fixture("plain-age.env")],
    ["an env file with names alone", ".env", "# set these\nA=\nB=\n"],
    [
      "words about keys",
      "README.md",
      "put AGE-SECRET-KEY-1… there; it begins with -----BEGIN OPENSSH PRIVATE KEY-----\n",
    ],
    ["a public key", "id.pub", "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAcanarycanarycanarycanarycanarycanary\n"],
    ["an env file with public settings", "web/.env", "VITE_API_URL=https://a.example\nPUBLIC_KEY=x\n"],
    ["the contract", ".env.example", "A=example\n"],
    ["an example by its name (M11)", "deploy/example.env", "DB_PASSWORD=postgres\n"],
    [
      "secrets that are variables (M11)",
      ".env",
      'DB=postgresql://app:${PASSWORD}@db\nAPI_TOKEN="$TOKEN"\nPASSWORD=${PASSWORD:?is missing}\n',
    ],
  ])("accepts %s", (_, path, text) => {
    expect(found(path, text)).toEqual([]);
  });
});
