import { Buffer } from "node:buffer";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DocumentMap } from "../../model/document/document.ts";
import { writeDocument } from "../../model/document/writer.ts";
import { staging } from "./answer.ts";
import { LocalHost } from "./host-program.ts";

let host: LocalHost;
beforeEach(() => {
  host = new LocalHost();
});
afterEach(() => {
  host.remove();
});

function servicesOf(deadline: number) {
  return {
    api: { image: "app@sha256:1", port: "8080", health: "/health", deadline: String(deadline) },
    worker: { image: "app@sha256:1", deadline: String(deadline) },
  };
}

function writeRelease(services: DocumentMap): void {
  const files = { compose: Buffer.from("services: {}\n"), routes: Buffer.from("http: {}\n"), files: {} };
  const body = {
    directory: "/srv",
    project: "app",
    release: "2",
    env: { staged: "env", entries: {} },
    ...files,
    services,
  };
  const text = writeDocument({ kind: "rollout", resource: "rollout", body }, { order: 1, attempt: "a" });
  writeFileSync(join(host.folder, "document"), text);
}

interface Release {
  /** Answers to the probes of api, one after the other, then again from the start. */
  readonly answers?: readonly string[];
  /** True if the release has no services. */
  readonly empty?: boolean;
  /** Other facts of api's container. */
  readonly api?: string;
  /** Other facts of the worker's container. */
  readonly worker?: string;
  /** Seconds in which it has to become ready. */
  readonly deadline?: number;
  /** Good answers in a row that it needs. */
  readonly needed?: number;
  /** Seconds over which the good answers must be spread. */
  readonly window?: number;
  /** True if the containers serve already. */
  readonly live?: boolean;
  /** Restarts of api's container when Docker is asked again. */
  readonly restarts?: number;
}

const fine = "state=running health= restarts=0 exit=0 imageid=good image=app networks=app_data=10.0.0.2";

/** Sends a release through the gate. */
async function gate({
  answers = ["200"],
  empty = false,
  api = "",
  worker = "",
  live = false,
  restarts,
  deadline = 1,
  needed = 6,
  window = 0,
}: Release): Promise<string> {
  writeRelease(empty ? {} : servicesOf(deadline));
  const { code, stderr } = await host.source(
    staging,
    `project=app-blue number=1.a gate_answers=${needed} gate_window=${window} gate_pause=0.02
     answers=(${answers.join(" ")}) at=0
     docker_read() { :; }
     docker_renew() {
       docker_forget
       asked+=1
       ${restarts === undefined ? "" : `docker_facts["api restarts"]=${restarts}`}
     }
     declare -i asked=0
     docker_forget() {
       local word
       docker_ids=(api worker) docker_facts=(["api service"]=api-blue ["worker service"]=worker-blue)
       for word in ${fine} project=app-blue oneoff=False; do
         docker_facts["api \${word%%=*}"]=\${word#*=} docker_facts["worker \${word%%=*}"]=\${word#*=}
       done
       for word in ${api}; do docker_facts["api \${word%%=*}"]=\${word#*=}; done
       for word in ${worker}; do docker_facts["worker \${word%%=*}"]=\${word#*=}; done
     }
     docker_do() { echo good; }
     probe_is_good() {
       probe_answer=\${answers[at]}
       at=$(((at + 1) % \${#answers[@]}))
       [[ $probe_answer == 200 && "$*" == '10.0.0.2 8080 /health' ]]
     }
     project_logs() { :; }
     document_read ${host.folder}/document; docker_forget; gate_pass blue ${live ? "live" : ""}
     ((asked <= SECONDS + 1)) || { echo "docker was asked \${asked} times in \${SECONDS} s" >&2; exit 1; }`,
  );
  return code === 0 ? "passes" : stderr;
}

const failure = (how: string): string => `release: ${how} (document 1.a); mend it, then release again\n`;
const slow = "was not well within 1 s: it answered";

describe("the gate", () => {
  it.each([
    { what: "answers well", release: {} },
    {
      what: "answers well after a while",
      release: { answers: ["503", "nothing", ...Array<string>(40).fill("200")], deadline: 60 },
    },
    { what: "serves already and restarted long ago", release: { api: "restarts=3", live: true } },
    { what: "has no services", release: { empty: true } },
    { what: "has a healthy worker", release: { worker: "health=healthy" } },
  ])("passes a release that $what", async ({ release }) => {
    expect(await gate(release)).toBe("passes");
  });

  it.each([
    {
      what: "flaps (F37)",
      release: { answers: ["200", "200", "200", "503"] },
      says: `'api' of 2 ${slow} 503, and well at most 3 times in a row`,
    },
    {
      what: "never answers well",
      release: { answers: ["404"] },
      says: `'api' of 2 ${slow} 404, and well at most 0 times in a row`,
    },
    {
      what: "restarted once (F35)",
      release: { api: "restarts=1" },
      says: "'api' of 2 restarts",
    },
    { what: "exited", release: { worker: "state=exited exit=1" }, says: "'worker' of 2 is exited with exit code 1" },
    {
      what: "has an unhealthy worker",
      release: { worker: "health=unhealthy" },
      says: `'worker' of 2 ${slow} unhealthy, and well at most 0 times in a row`,
    },
  ])("rejects a release that $what", async ({ release, says }) => {
    expect(await gate(release)).toBe(failure(says));
  });

  it("rejects a release whose good answers come within less than the window (F39)", async () => {
    const answers = ["200", "200", ...Array<string>(40).fill("503")];
    expect(await gate({ answers, needed: 1, window: 3 })).toBe(
      failure(`'api' of 2 ${slow} 503, and well at most 2 times in a row`),
    );
  });

  it("rejects a release that restarted after its last good answer (F35)", async () => {
    expect(await gate({ restarts: 1 })).toBe(failure("'api' of 2 restarts"));
  });

  it("rejects a release that runs another image than its document names (F38)", async () => {
    expect(await gate({ api: "imageid=other image=app@sha256:9" })).toBe(
      "release: 'api' runs app@sha256:9 instead of 'app@sha256:1' (document 1.a); look at its compose file\n",
    );
  });
});
