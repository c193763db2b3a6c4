import { Buffer } from "node:buffer";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeDocument } from "../../model/document/writer.ts";
import { staging } from "./answer.ts";
import { LocalHost } from "./host-program.ts";

let host: LocalHost;
let routes: string;

beforeEach(() => {
  host = new LocalHost();
  const body = {
    directory: host.folder,
    project: "app",
    release: "2",
    compose: Buffer.from("services: {}\n"),
    routes: Buffer.from("# colour: <colour>, release: 2, generation: <generation>\nurl: http://api-<colour>\n\n"),
    env: { staged: "env", entries: {} },
    files: {},
    services: {
      api: { image: "api", deadline: "5", volumes: { app_uploads: "files" } },
      web: { image: "web", deadline: "5" },
    },
  };
  const text = writeDocument({ kind: "rollout", resource: "rollout", body }, { order: 1, attempt: "a" });
  writeFileSync(join(host.folder, "document"), text);
  routes = join(host.folder, "proxy", "dynamic", "routes.yaml");
  mkdirSync(dirname(routes), { recursive: true });
});
afterEach(() => {
  host.remove();
});

/** Runs a piece of the program on the document, while containers of these projects run. */
async function run(script: string, running: readonly string[] = []): Promise<string> {
  const { stdout, stderr } = await host.source(
    staging,
    `mkdir -p "$stack_state"; object=rollout number=1.a folder=${host.folder}; document_read ${host.folder}/document
     docker_select() { docker_selected=(); [[ " ${running.join(" ")} " != *" $2 "* ]] || docker_selected=(one); }
     ${script}`,
  );
  expect(stderr).toBe("");
  return stdout;
}

const head = (colour: string): string => `# colour: ${colour}, release: 1, generation: 1763700000-1.a\n`;
const find = 'rollout_find_live; echo "$live_colour"';
const mark = (colour: string, hash: string): string =>
  `mkdir -p "$stack_state/colours"; echo ${hash} >"$stack_state/colours/${colour}"; `;
const applied = `echo >$folder/empty; applied_write rollout 1.a abc rollout "$folder/empty"; `;

describe("a colour", () => {
  const names = 'rollout_use blue; echo "${project_services[*]}"';

  it("has each service of the document", async () => {
    expect(await run(names)).toBe("api-blue web-blue\n");
  });

  it("has no service without a name where the document has no services", async () => {
    expect(await run(`document_keys() { :; }; ${names}`)).toBe("\n");
  });
});

describe("the colour that serves", () => {
  it.each([
    {
      what: "the one in the routes, whatever runs",
      file: head("green"),
      running: ["app-blue"],
      script: find,
      live: "green",
    },
    {
      what: "the running one if the routes are damaged",
      file: "http: {}\n",
      running: ["app-green"],
      script: find,
      live: "green",
    },
    { what: "nothing on an empty server", file: "", running: [], script: find, live: "" },
    { what: "unknown if both run", file: "", running: ["app-blue", "app-green"], script: find, live: "" },
    {
      what: "the applied one if both run",
      file: "",
      running: ["app-blue", "app-green"],
      script: applied + mark("green", "abc") + mark("blue", "def") + find,
      live: "green",
    },
  ])("is $what (F95)", async ({ file, running, script, live }) => {
    if (file !== "") writeFileSync(routes, file);
    expect(await run(script, running)).toBe(`${live}\n`);
  });

  it("serves since its generation began", async () => {
    writeFileSync(routes, head("blue"));
    expect(await run("routes_read; rollout_since")).toBe("2025-11-21T04:40:00Z");
  });
});

describe("routes", () => {
  it("are the document's with colour and generation filled in, to the byte", async () => {
    expect(await run("routes_text green 7-1.a")).toBe(
      "# colour: green, release: 2, generation: 7-1.a\nurl: http://api-green\n\n",
    );
  });

  it.each([
    { what: "stay if the proxy follows them", answers: "return 0", before: "old\n", left: "new\n" },
    { what: "give way to the old ones if it does not", answers: "return 1", before: "old\n", left: "old\n" },
    { what: "are removed if there were none before", answers: "return 1", before: "", left: undefined },
  ])("of a killed run $what", async ({ answers, before, left }) => {
    writeFileSync(routes, `${head("green")}new\n`);
    writeFileSync(join(host.folder, "before"), before);
    await run(
      `say() { :; }; routes_answer() { [[ $1 == 1763700000-1.a ]] && ${answers}; }; ` +
        `cp ${host.folder}/before "$(routes_before)"; routes_settle; ` +
        "[[ ! -e $(routes_before) ]] || echo left",
    );
    const text = existsSync(routes) ? readFileSync(routes, "utf8").replace(head("green"), "") : undefined;
    expect(text).toBe(left);
  });
});

describe("the proxy's answer", () => {
  it("comes from the container's current address, which changes with a restart", async () => {
    const asked =
      `docker_renew() { echo "asks about $1"; facts="edge=10.0.0.$((++asks)) "; ` +
      `docker_facts["one networks"]=$facts; }; asks=0; `;
    const answers = 'probe_is_good() { echo "$*"; [[ $1 == 10.0.0.2 ]]; }; ';
    expect(await run(`${asked}${answers}{ routes_answer 7-1.a 5 && echo answered; } | uniq`, ["app-proxy"])).toBe(
      [
        ...["asks about app-proxy", "10.0.0.1 8099 /slipway/7-1.a"],
        ...["asks about app-proxy", "10.0.0.2 8099 /slipway/7-1.a", "answered\n"],
      ].join("\n"),
    );
  });
});

describe("a release that ends between its switch and the proxy's answer", () => {
  it.each([
    { what: "by an error", ends: "exit 5", code: 5 },
    { what: "by a signal", ends: "((BASH_SUBSHELL)) || kill -TERM $BASHPID", code: null },
    { what: "without space on the disk", ends: "write_file() { false; }; exit 5", code: 5 },
  ])("gets the old routes back before its colour is removed, $what (F40)", async ({ ends, code }) => {
    writeFileSync(routes, head("blue"));
    const ended = await release(`routes_answer() { ${ends}; }`);
    expect(ended).toEqual({
      code,
      said: "clears green while blue serves\nrelease: green is down again; blue serves as before\n",
    });
    expect(readFileSync(routes, "utf8")).toBe(head("blue"));
    expect(readdirSync(dirname(routes))).toEqual(["routes.yaml"]);
  });

  it("has no routes again if there were none", async () => {
    const { said } = await release("routes_answer() { exit 5; }");
    expect(said).toBe("clears green while nothing serves\nrelease: green is down again; nothing serves as before\n");
    expect(readdirSync(dirname(routes))).toEqual([]);
  });

  it("keeps its colour if the routes cannot be restored", async () => {
    writeFileSync(routes, head("blue"));
    const { said } = await release("routes_restore() { false; }; routes_answer() { exit 5; }");
    expect(said).toBe("release: the routes lead to green, so it stays; run `pulumi up` again\n");
  });

  /**
   * Sends the routes to green, with this piece in the place of the proxy's answer. `said` names each colour that is
   * removed, and when.
   */
  async function release(piece: string): Promise<{ readonly code: number | null; readonly said: string }> {
    const { code, stderr } = await host.source(
      staging,
      `mkdir -p "$stack_state"; object=rollout number=1.a folder=${host.folder} verb_step='rollout apply'
       journal() { :; }; rollout_clear() { routes_read; echo "clears $1 while \${live_colour:-nothing} serves" >&2; }
       document_read ${host.folder}/document; ${piece}
       routes_read; rollout_begin_undo green; routes_switch green`,
    );
    return { code, said: stderr };
  }
});

describe("the data of a release", () => {
  it("is checked before the release comes up, and remembered once it serves (F45)", async () => {
    const stubs = ["docker_read", "routes_settle", "rollout_find_live"].map((name) => `${name}() { live_colour=; }; `);
    const telling = ["guard_check", "rollout_release", "guard_remember"].map(
      (name) => `${name}() { echo "${name} $1"; }; `,
    );
    expect(await run(`${stubs.join("")}${telling.join("")}rollout_apply`)).toBe(
      "guard_check app_uploads\nrollout_release blue\nguard_remember app_uploads\n",
    );
  });
});
