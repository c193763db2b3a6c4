import { describe, expect, it } from "vitest";
import { readContract, type Contract } from "../../../secrets/contract/contract.ts";
import { contractProblems, type CheckInput } from "../../../secrets/contract/check.ts";

/** A contract, and a source whose names are known. */
function input(
  text: string,
  source: Partial<CheckInput["source"]>,
  own: Readonly<Record<string, string>> = {},
): CheckInput {
  const usual = { name: "env", variables: [], empty: [], add: (name: string) => `set ${name}` };
  return {
    contract: contract(text),
    plain: [],
    source: { ...usual, names: "known", ...source },
    own: { names: "known", values: own },
  };
}

function contract(text: string): Contract {
  const { contract: read, problems } = readContract(".env.example", Buffer.from(text));
  expect(problems).toEqual([]);
  return read;
}

/** Lists the faults of values under these rules, without the declaration's place. */
function check(rules: string, values: Record<string, string>, own: Record<string, string> = {}): string[] {
  const found = Object.entries(values).map(([name, value]) => ({ name, value, place: `env:${name}` }));
  return contractProblems(input(rules, { variables: found }, own)).map(
    ({ path, what, todo }) => `${path}: ${what}; ${todo}`,
  );
}

const word = (rule: string, value: string): string[] =>
  check(`# ${rule}\nA=\n`, { A: value }).map((line) => /^env:A: A (.*) \(\.env\.example:2\);/.exec(line)?.[1] ?? line);

describe("a value by the contract", () => {
  it.each([
    ["url", "https://app.example.com/a?b=c#d", "postgres://u:p@db:5432/x", "http://localhost:8081"],
    ["port", "1", "65535"],
    ["email", "a.b+c@example.com", "mailto:a@b.example"],
    ["integer", "0", "-12", "9007199254740991"],
    ["base64", "aGVsbG8=", "aGVsbG8", "_-8="],
    ["domain", "localhost", "staging.example.com", "xn--bcher-kva.example"],
    ["absolute path", "/", "/var/www/a b"],
    ["list of url", "https://a.example", "https://a.example,https://b.example", "https://a.example, https://b.example"],
    ["list of port", "1,2,3"],
    ["min 3", "abc", "日本語"],
    ["integer; min 10", "10"],
    ["base64; min 4", "aGVsbG8="],
    ["one of a b c", "b"],
    ["matches [a-z]{2,3}", "ab", "abc"],
    ["free words explain, and ask nothing", "anything"],
    ["secret", "-----BEGIN X-----\nAAAA\n-----END X-----\n"],
  ])("is valid as %s", (rule, ...values) => {
    for (const value of values) expect(word(rule, value), value).toEqual([]);
  });

  it.each([
    ["url", "app.example.com", "is not a url"],
    ["url", "https://", "is not a url"],
    ["url", "https://a b.example", "is not a url"],
    ["url", "https://a.example\n", "begins or ends with white space"],
    ["port", "0", "is not a port"],
    ["port", "65536", "is not a port"],
    ["port", "080", "is not a port"],
    ["port", " 80", "begins or ends with white space"],
    ["email", "a@b@c", "is not an email address"],
    ["email", "a@-b", "is not an email address"],
    ["integer", "1.5", "is not an integer"],
    ["integer", "0x10", "is not an integer"],
    ["base64", "a", "is not base64"],
    ["base64", "aGVs*G8=", "is not base64"],
    ["domain", "https://a.example", "is not a domain"],
    ["domain", "a_b.example", "is not a domain"],
    ["absolute path", "var/www", "is not an absolute path"],
    ["absolute path", "/a/../b", "is not an absolute path"],
    ["list of url", "https://a.example,b", "has a part that is not a url"],
    ["min 3", "ab", "is less than 3 characters, got 2"],
    ["integer; min 10", "9", "is less than 10, got 9"],
    ["secret; integer; min 10", "9", "is less than 10"],
    ["base64; min 6", "aGVsbG8=", "is less than 6 bytes, got 5"],
    ["one of a b c", "d", "is not an allowed value"],
    ["matches [a-z]{2,3}", "abcd", "does not match its pattern"],
    ["secret", "pasted\n", "begins or ends with white space, perhaps from a paste"],
    ["optional", "  ", "is only white space"],
    ...["changeme", "CHANGE_ME", "xxx", "TODO", "<your key>", "your-api-key", "...", "replace-me"].map((value) => [
      "optional",
      value,
      "is a placeholder",
    ]),
  ])("rejects as %s the value %j (F109)", (rule = "", value = "", what = "") => {
    expect(word(rule, value)).toEqual([what]);
  });

  it("rejects the example's own value of a secret", () => {
    expect(check("# secret\nA=only-for-development\n", { A: "only-for-development" })).toEqual([
      "env:A: A is the value of the example, which everybody can read (.env.example:2); make another one",
    ]);
    expect(check("A=aaperture\n", { A: "aaperture" })).toEqual([]);
  });
});

describe("A3: variables and the contract", () => {
  const text = `# --- slipway: own ---
# port
API_PORT=8080
# optional
SERVER_APP_DIR=

# --- pipeline: for the CI alone ---
SSH_PRIVATE_KEY=

# --- application ---
# url; secret
DATABASE_URL=

TOKEN=
# --- prefix R2_*: storage; optional ---
R2_BUCKET=
# secret; min 8
R2_KEY=
`;

  it("may lack optional variables, the pipeline's own, and those that slipway writes", () => {
    expect(check(text, { DATABASE_URL: "postgres://db/x", TOKEN: "t" }, { API_PORT: "18080" })).toEqual([]);
  });

  it("may have undeclared names with a declared prefix", () => {
    expect(check(text, { DATABASE_URL: "postgres://db/x", TOKEN: "t", R2_REGION: "eu" }, { API_PORT: "1" })).toEqual(
      [],
    );
  });

  it("rejects missing, unknown, wrong and the pipeline's own variables at once, with their places (F108)", () => {
    expect(check(text, { TOKENS: "t", R2_KEY: "short", SSH_PRIVATE_KEY: "k", SOMETHING: "x" })).toEqual([
      ".env.example:3: API_PORT is set by slipway, and the stack has no value for it; set the stack's domain, " +
        "directory or the port whose variable it is, or mark it optional",
      ".env.example:12: DATABASE_URL is missing in env; set DATABASE_URL, or write `optional` above it in the list",
      ".env.example:14: TOKEN is missing in env; set TOKEN, or write `optional` above it in the list",
      "env:TOKENS: TOKENS is not declared in .env.example; did you mean 'TOKEN'; " +
        "otherwise declare it in .env.example, remove it, or name another list in env.contract",
      "env:SSH_PRIVATE_KEY: SSH_PRIVATE_KEY belongs to the pipeline by .env.example:8, " +
        "and containers would get it; keep it in the CI's variables alone",
      "env:SOMETHING: SOMETHING is not declared in .env.example; declare it in .env.example, remove it, " +
        "or name another list in env.contract",
      "env:R2_KEY: R2_KEY is less than 8 characters, got 5 (.env.example:18); make a longer one",
    ]);
  });

  it("rejects a required variable that is empty, at its own place", () => {
    const empty = [{ name: "TOKEN", value: "", place: "env:7" }];
    const variables = [{ name: "DATABASE_URL", value: "postgres://db/x", place: "env:1" }];
    expect(contractProblems(input(text, { variables, empty }, { API_PORT: "1" }))).toEqual([
      {
        path: "env:7",
        what: "TOKEN is empty, and .env.example:14 requires it",
        todo: "set TOKEN, or write `optional` above it in the list",
      },
    ]);
  });
});

describe("variables that are partly known here", () => {
  const text = `# --- slipway: own ---
API_PORT=
# --- application ---
TOKEN=
# min 8
KEY=
`;
  const variables = [
    { name: "KEY", value: "short", place: "env:1" },
    { name: "OTHER", value: "x", place: "env:2" },
  ];
  const empty = [{ name: "TOKEN", value: "", place: "env:3" }];
  const all = input(text, { variables, empty });
  const said = (part: Partial<CheckInput>): string[] =>
    contractProblems({ ...all, ...part }).map(({ what }) => what.split(",")[0] ?? "");

  it("are checked as far as they are known", () => {
    const names = "not known here";
    const [unwritten, undeclared] = ["API_PORT is set by slipway", "OTHER is not declared in .env.example"];
    const short = "KEY is less than 8 characters";
    expect(said({})).toEqual([unwritten, "TOKEN is empty", undeclared, short]);
    expect(said({ source: { ...all.source, names } })).toEqual([unwritten, undeclared, short]);
    expect(said({ own: { ...all.own, names } })).toEqual(["TOKEN is empty", short]);
    expect(said({ contract: { ...all.contract, names } })).toEqual(["TOKEN is empty", short]);
  });
});

describe("A8: addresses and the domain", () => {
  const rules = `# domain; is \${DOMAINNAME}
ROOT=
# url; is https://app.\${DOMAINNAME}
APP=
# url; within DOMAINNAME
API=
# list of url; within DOMAINNAME
ORIGINS=
# --- slipway: own ---
# optional
DOMAINNAME=
`;
  const right = (domain: string): Record<string, string> => ({
    ROOT: domain,
    APP: `https://app.${domain}`,
    API: `https://app.${domain}/api`,
    ORIGINS: `https://${domain},https://app.${domain}`,
  });

  it.each(["staging.aaperture.com", "aaperture.com"])("fit %s", (domain) => {
    expect(check(rules, right(domain), { DOMAINNAME: domain })).toEqual([]);
  });

  it.each([
    ["staging's addresses in production", "staging.aaperture.com", "aaperture.com"],
    ["production's addresses in staging", "aaperture.com", "staging.aaperture.com"],
  ])("rejects %s", (_, from, to) => {
    expect(check(rules, right(from), { DOMAINNAME: to }).map((line) => line.split(" (")[0])).toEqual([
      "env:ROOT: ROOT does not fit DOMAINNAME: it is not ${DOMAINNAME}",
      "env:APP: APP does not fit DOMAINNAME: it is not https://app.${DOMAINNAME}",
      "env:API: API does not fit DOMAINNAME: its host is neither that domain nor one label below it",
      "env:ORIGINS: ORIGINS does not fit DOMAINNAME: its host is neither that domain nor one label below it",
    ]);
  });
});
