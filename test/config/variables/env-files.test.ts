import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { planDeployment, type Plan } from "../../../model/plan/plan.ts";
import { writeSops } from "../../../secrets/sops/write.ts";
import { digest, TrialRepository } from "../trial-repository.ts";

const identity = await generateX25519Identity();
const recipient = await identityToRecipient(identity);
const shared = { services: {}, ports: { api: 18080 } };

let trial: TrialRepository;
beforeEach(() => (trial = new TrialRepository()));
afterEach(() => trial.remove());

/** Two services of one image, each with its lines. */
function compose(api: string, web = ""): void {
  const image = digest("example/api");
  const ofApi = `image: "${image}", ports: ["\${API_PORT:-8080}:8080"], ${api}`;
  trial.write("compose.yaml", `services:\n  api: { ${ofApi} }\n  web: { image: "${image}", ${web} }\n`);
}

/** The stack with these keys, as it would be planned. */
async function planned(changes: Readonly<Record<string, unknown>>): Promise<Plan> {
  const loaded = await trial.load({ ...shared, ...changes });
  return planDeployment(loaded, { hosts: {}, newAttempt: () => "test" });
}

/** What the document of the shared services says of the variables of a service. */
function variablesOf(plan: Plan, service: string): unknown {
  const services = plan.hosts["main"]?.shared?.before?.document.body["services"];
  const all = new Map(Object.entries(typeof services === "object" ? services : {}));
  const own = new Map(Object.entries((all.get(service) ?? {}) as object));
  return own.get("variables");
}

describe("env files that git does not have", () => {
  it("have all variables of the stack where there is one", async () => {
    compose("env_file: .env.production", "env_file: .env.production");
    const { stack } = await trial.load({ ...shared, variables: { A: "1" }, secrets: { B: "2" } });
    const [api] = stack.services;
    expect(api?.envFiles).toEqual([
      { from: "stack", path: ".env", entries: expect.objectContaining({ A: "A", B: "B" }) as unknown },
    ]);
  });

  it("have different values for one name, each by its key", async () => {
    compose("env_file: api.env", "env_file: web.env");
    const env = { files: { "api.env": ["KEY"], "web.env": { KEY: "WEB_KEY" } } };
    const plan = await planned({ env, secrets: { KEY: "canary-1", WEB_KEY: "canary-2" } });
    expect(Object.keys(variablesOf(plan, "api") as object)).toEqual(["KEY"]);
    expect(Object.keys(variablesOf(plan, "web") as object)).toEqual(["WEB_KEY"]);
    const other = await planned({ env, secrets: { KEY: "canary-1", WEB_KEY: "canary-3" } });
    expect(variablesOf(other, "api")).toEqual(variablesOf(plan, "api"));
    expect(variablesOf(other, "web")).not.toEqual(variablesOf(plan, "web"));
  });

  it("may be encrypted files of their own, whose values reach the session and no document", async () => {
    compose("env_file: .env", "env_file: web.env");
    const settings = { recipients: [recipient], now: new Date(0) };
    const text = await writeSops([{ name: "KEY", value: "canary-web" }], settings);
    trial.write("infra/env/web.env.enc", text);
    const env = { files: { "web.env": "infra/env/web.env.enc" } };
    const environment = { SOPS_AGE_KEY: identity };
    const loaded = await trial.load({ ...shared, env, secrets: { KEY: "canary-api" } }, environment);
    expect(loaded.values).toContainEqual({ name: "KEY", value: "canary-api" });
    expect(loaded.values).toContainEqual({ name: "web.env KEY", value: "canary-web" });
    const plan = planDeployment(loaded, { hosts: {}, newAttempt: () => "test" });
    expect(JSON.stringify(plan)).not.toContain("canary");
    expect(Object.keys(variablesOf(plan, "web") as object)).toEqual(["web.env KEY"]);
    expect(Object.keys(variablesOf(plan, "api") as object)).toContain("KEY");
  });

  it.each([
    [
      "a name that is not set",
      { "api.env": ["KEY", "KEYS"] },
      "env.files.api.env: names the variable KEYS, which is not set; set variables.KEYS or secrets.KEYS, or correct " +
        "the name",
    ],
    [
      "an encrypted file that does not exist",
      { "api.env": "infra/none.enc" },
      "env.files.api.env: names an encrypted file that does not exist, got 'infra/none.enc'; make it with `sops`, or " +
        "name variables of the stack: [NAME, OTHER_NAME]",
    ],
    [
      "something else",
      { "api.env": 5 },
      "env.files.api.env: is neither names of variables nor a path, got 5; write [NAME, OTHER_NAME], or " +
        "{ NAME: VARIABLE_OF_THE_STACK }, or the path of an encrypted file",
    ],
  ])("are rejected with %s", async (_, files, problem) => {
    compose("env_file: api.env");
    expect(await trial.problems({ ...shared, env: { files }, secrets: { KEY: "canary" } })).toEqual([problem]);
  });
});

describe("env files that git tracks", () => {
  it("restart exactly the services that name them, if a value changes and not if a comment does", async () => {
    const of = async (text: string, service: string): Promise<unknown> => {
      trial.write("api.env", text);
      return variablesOf(await planned({ variables: { MODE: "m" } }), service);
    };
    compose("env_file: api.env", "");
    trial.write("api.env", "");
    trial.track("api.env");
    const before = await of("LEVEL=info\nMODE=${MODE}\n", "api");
    expect(Object.keys(before as object).sort()).toEqual(["LEVEL", "MODE"]);
    expect(await of("# said\nLEVEL=info\nMODE=${MODE}\n", "api")).toEqual(before);
    expect(await of("LEVEL=debug\nMODE=${MODE}\n", "api")).not.toEqual(before);
    expect(await of("LEVEL=debug\n", "web")).toEqual({});
  });

  it("are rejected with a secret, whatever they are called, until it is a variable (M11)", async () => {
    compose("env_file: api.conf");
    trial.write("api.conf", "LEVEL=info\nAPI_TOKEN=canary\nDB=postgres://app:canary@db/app\n");
    trial.track("api.conf");
    expect(await trial.problems(shared)).toEqual([
      "api.conf: is an env file in plain text that git tracks, with values of API_TOKEN, DB; write `NAME=${NAME}` " +
        "for each of them, and give the stack new values (docs/secrets.md), or say in policy.tracked why 'api.conf' " +
        "may stay",
    ]);
    const reason = { policy: { tracked: { "api.conf": "an emulator's" } } };
    const { stack } = await trial.load({ ...shared, ...reason });
    expect(stack.notes).toContain(
      "api.conf: is an env file in plain text that git tracks, with values of API_TOKEN, DB; it stays: an emulator's",
    );
    // The advice to the letter: the service loses nothing, and the secrets are the stack's.
    trial.write("api.conf", "LEVEL=info\nAPI_TOKEN=${API_TOKEN}\nDB=${DB}\n");
    expect(await trial.problems(shared)).toEqual([
      "api.conf: needs the variable API_TOKEN, which is not set for service 'api'; set variables.API_TOKEN or " +
        "secrets.API_TOKEN, or write a default; a dollar sign of a value is `$$`",
      "api.conf: needs the variable DB, which is not set for service 'api'; set variables.DB or secrets.DB, or write " +
        "a default; a dollar sign of a value is `$$`",
    ]);
    const secrets = { API_TOKEN: "canary-new", DB: "postgres://app:canary-new@db/app" };
    const plan = await planned({ secrets });
    expect(Object.keys(variablesOf(plan, "api") as object).sort()).toEqual(["API_TOKEN", "DB", "LEVEL"]);
    expect(await trial.problems({ ...shared, secrets, ...reason })).toEqual([
      "policy.tracked.api.conf: is the reason for a file in which nothing is found, got 'api.conf'; remove it",
    ]);
  });
});

describe("the `.env` beside the compose file", () => {
  const url = "SITE=defaults\nURL=postgres://${PASSWORD}@db\nAPI_PORT=1\nCOMPOSE_PROFILES=x\n";

  it("sets what the stack does not if git tracks it, and a value with a secret is one", async () => {
    compose('environment: { URL: "${URL}", SITE: "${SITE}", LEVEL: "${LEVEL}" }');
    trial.write(".env", `${url}LEVEL=debug\n`);
    trial.track(".env");
    const more = { variables: { LEVEL: "info" }, secrets: { PASSWORD: "canary" } };
    const { values, plain, stack } = await trial.load({ ...shared, ...more });
    expect(values).toContainEqual({ name: "URL", value: "postgres://canary@db" });
    expect(plain).toMatchObject({ SITE: "defaults", LEVEL: "info", API_PORT: "18080" });
    expect(plain).not.toHaveProperty("URL");
    expect(stack.notes.filter((line) => line.startsWith(".env"))).toEqual([
      ".env: git tracks it, so it sets the variables that the stack does not: SITE, URL",
      ".env: settings of Compose and Docker in it are not used: COMPOSE_PROFILES",
      ".env: slipway sets these itself: API_PORT",
    ]);
  });

  it("is the developers' own if git does not track it", async () => {
    compose('environment: { SITE: "${SITE:-none}" }');
    trial.write(".env", url);
    const { plain } = await trial.load(shared);
    expect(plain).not.toHaveProperty("SITE");
  });
});

describe("a list of variables without rules (M10)", () => {
  it("is an example, so only what the compose file needs is required, and an empty value is one", async () => {
    trial.write(".env.example", "SENTRY_DSN=\nNAME=x\nUNUSED=1\n");
    compose('environment: { SENTRY_DSN: "${SENTRY_DSN}", NAME: "${NAME:-x}" }');
    expect(await trial.problems({ ...shared, variables: { SENTRY_DSN: "", OTHER: "1" } })).toEqual([]);
    expect((await trial.load({ ...shared, variables: { SENTRY_DSN: "" } })).notes).toContain(
      ".env.example has no rules: variables are not checked by it",
    );
    expect(await trial.problems(shared)).toEqual([
      expect.stringContaining("environment.SENTRY_DSN needs the variable SENTRY_DSN, which is not set") as string,
    ]);
  });

  it("lets no placeholder of `slipway env init` reach a server", async () => {
    trial.write(".env.example", "API_TOKEN=x\n");
    compose('environment: { API_TOKEN: "${API_TOKEN}" }');
    expect(await trial.problems({ ...shared, secrets: { API_TOKEN: "CHANGEME" } })).toEqual([
      "secrets.API_TOKEN: is a placeholder; set the real value, or remove it",
    ]);
  });

  it("with one rule is a contract, whose messages say how a variable may be missing", async () => {
    trial.write(".env.example", "SENTRY_DSN=\n# min 1\nNAME=x\n");
    compose('environment: { SENTRY_DSN: "${SENTRY_DSN:-}" }');
    const said = await trial.problems({ ...shared, variables: { NAME: "x", OTHER: "1", SENTRY_DSN: "" } });
    expect(said).toEqual([
      "variables.OTHER: is not declared in .env.example; declare it in .env.example, remove it, or name another list " +
        "in env.contract",
      "variables.SENTRY_DSN: is empty (.env.example:1); set the real value, or write `optional` above it",
    ]);
    const missing = await trial.problems({ ...shared, variables: { NAME: "x" }, secrets: { A: "1" } });
    expect(missing[0]).toContain("or write `optional` above it in the list");
    expect(missing.join()).not.toContain("protected");
    // The advice to the letter.
    trial.write(".env.example", "# optional\nSENTRY_DSN=\n# min 1\nNAME=x\n");
    expect(await trial.problems({ ...shared, variables: { NAME: "x", SENTRY_DSN: "" } })).toEqual([]);
    trial.write("variables.list", "OTHER=1\n");
    const changes = { env: { contract: "variables.list" }, variables: { OTHER: "1" } };
    expect(await trial.problems({ ...shared, ...changes })).toEqual([]);
  });
});

describe("a variable that the contract gives to some services", () => {
  it("reaches no other service, and a service that does not exist is rejected (6)", async () => {
    compose("env_file: .env", "env_file: .env");
    trial.write(".env.example", "# only: [web]\nADMIN=x\nOTHER=x\n");
    const secrets = { ADMIN: "canary-a", OTHER: "canary-b" };
    const plan = await planned({ secrets });
    expect(Object.keys(variablesOf(plan, "web") as object)).toContain("ADMIN");
    expect(Object.keys(variablesOf(plan, "api") as object)).not.toContain("ADMIN");
    expect(plan.stack.notes.filter((line) => line.includes("ADMIN"))).toEqual([
      "api: does not get ADMIN of '.env', which only web may get (.env.example:2)",
    ]);
    trial.write(".env.example", "# only: [wep]\nADMIN=x\nOTHER=x\n");
    expect(await trial.problems({ ...shared, secrets })).toEqual([
      ".env.example:2: gives a variable to a service that does not exist, got 'wep'; did you mean 'web'",
    ]);
    trial.write(".env.example", "# only: web\nADMIN=x\n# only: [web\nOTHER=x\n");
    expect(await trial.problems({ ...shared, secrets })).toEqual([
      ".env.example:3: is not a rule, got 'only: [web'; write it like `only: [migrate, api]`",
    ]);
  });
});
