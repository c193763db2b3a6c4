import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { staging } from "./answer.ts";
import { LocalHost } from "./host-program.ts";

let host: LocalHost;
beforeEach(() => {
  host = new LocalHost();
});
afterEach(() => {
  host.remove();
});

interface Looks {
  /** What the engine says of the one container, a look after the other; the last one stays. */
  readonly looks: readonly string[];
  readonly seconds?: number;
}

const well = "state=running health=healthy restarts=0 started=2020 exit=0 policy=no project=app";

/** Waits for the service `api` of the project `app`, and gives what was said and whether it was well. */
async function wait({ looks, seconds = 30 }: Looks): Promise<string> {
  const { code, stderr } = await host.source(
    staging,
    `project=app number=1.a looks=(${looks.map((look) => `'${look}'`).join(" ")}) look=-1
     docker_read() { :; }
     docker_renew() { docker_forget; }
     events_await() { sleep 0.05; }
     docker_forget() {
       local word words
       ((look + 1 == \${#looks[@]})) || look=$((look + 1))
       docker_ids=(one) docker_facts=(["one service"]=api ["one oneoff"]=False ["one name"]=app-api-1)
       read -r -a words <<<"\${looks[look]}"; for word in "\${words[@]}"; do docker_facts["one \${word%%=*}"]=\${word#*=}; done
     }
     project_logs() { say logs shown; }
     docker_forget
     wait_ready api ${seconds}`,
  );
  return code === 0 ? "well" : stderr;
}

const failure = (how: string): string =>
  `logs: shown\napp: 'api' ${how} (document 1.a); mend it, then run \`pulumi up\` again\n`;

describe("a service that was started", () => {
  it.each([
    { what: "healthy", looks: [well] },
    { what: "healthy after a while", looks: [`${well} health=starting`, `${well} health=starting`, well] },
    { what: "running for long, without a health check", looks: [`${well} health=`] },
    { what: "created at first", looks: [`${well} state=created health=`, well] },
    { what: "a job that ended well", looks: [`${well} state=exited health=`] },
    { what: "as often restarted as before", looks: [`${well} restarts=3 health=starting`, `${well} restarts=3`] },
  ])("is well when it is $what", async ({ looks }) => {
    expect(await wait({ looks })).toBe("well");
  });

  it.each([
    { what: "exits", looks: [`${well} state=exited exit=7`], says: "is exited with exit code 7" },
    {
      what: "ends with 0 and shall not",
      looks: [`${well} state=exited policy=always`],
      says: "is exited with exit code 0",
    },
    {
      what: "restarts in between (F35)",
      looks: [`${well} health=starting`, `${well} restarts=1`],
      says: "restarts",
    },
    { what: "is not healthy in time", looks: [`${well} health=unhealthy`], seconds: 1, says: "is unhealthy after 1 s" },
    {
      what: "runs, and exits before it has settled (F35)",
      looks: [`${well} health= started=2999`, `${well} health= started=2999`, `${well} state=restarting exit=1`],
      says: "is restarting with exit code 1",
    },
  ])("fails when it $what", async ({ looks, seconds, says }) => {
    expect(await wait({ looks, ...(seconds !== undefined && { seconds }) })).toBe(failure(says));
  });
});

describe("a container that has the name of ours", () => {
  it.each([
    { project: "app", said: "" },
    {
      project: "other",
      said: "app: container 'app-api-1' (nginx) has the name of ours, and slipway did not make it; remove it, then run `pulumi up` again\n",
    },
  ])("rejects it unless it is of the project, got '$project' (F33)", async ({ project, said }) => {
    const facts = `docker_ids=(one) docker_facts=(["one name"]=app-api-1 ["one project"]=${project} ["one image"]=nginx)`;
    const script = `docker_read() { ${facts}; }; project=app project_services=(api); project_refuse_foreign`;
    expect((await host.source(staging, script)).stderr).toBe(said);
  });
});
