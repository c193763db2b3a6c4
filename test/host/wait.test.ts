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

interface Answers {
  /** The engine's answers on the one container, one for each time it is asked; the last one stays. */
  readonly answers: readonly string[];
  readonly seconds?: number;
}

const well = "state=running health=healthy restarts=0 started=2020 exit=0 policy=no project=app";

/** Waits for the service `api` of the project `app`, and returns the messages and the verdict. */
async function wait({ answers, seconds = 30 }: Answers): Promise<string> {
  const { code, stderr } = await host.source(
    staging,
    `project=app number=1.a answers=(${answers.map((answer) => `'${answer}'`).join(" ")}) turn=-1
     docker_read() { :; }
     docker_renew() { docker_forget; }
     events_await() { sleep 0.05; }
     docker_forget() {
       local word words
       ((turn + 1 == \${#answers[@]})) || turn=$((turn + 1))
       docker_ids=(one) docker_facts=(["one service"]=api ["one oneoff"]=False ["one name"]=app-api-1)
       read -r -a words <<<"\${answers[turn]}"
       for word in "\${words[@]}"; do docker_facts["one \${word%%=*}"]=\${word#*=}; done
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
    { what: "healthy", answers: [well] },
    { what: "healthy after a while", answers: [`${well} health=starting`, `${well} health=starting`, well] },
    { what: "running for long, without a health check", answers: [`${well} health=`] },
    { what: "created at first", answers: [`${well} state=created health=`, well] },
    { what: "a job that ended well", answers: [`${well} state=exited health=`] },
    { what: "as often restarted as before", answers: [`${well} restarts=3 health=starting`, `${well} restarts=3`] },
  ])("is ready when it is $what", async ({ answers }) => {
    expect(await wait({ answers })).toBe("well");
  });

  it.each([
    { what: "exits", answers: [`${well} state=exited exit=7`], says: "is exited with exit code 7" },
    {
      what: "ends with 0, but should run",
      answers: [`${well} state=exited policy=always`],
      says: "is exited with exit code 0",
    },
    {
      what: "restarts in between (F35)",
      answers: [`${well} health=starting`, `${well} restarts=1`],
      says: "restarts",
    },
    {
      what: "is not healthy in time",
      answers: [`${well} health=unhealthy`],
      seconds: 1,
      says: "is unhealthy after 1 s",
    },
    {
      what: "runs, and exits before it has settled (F35)",
      answers: [`${well} health= started=2999`, `${well} health= started=2999`, `${well} state=restarting exit=1`],
      says: "is restarting with exit code 1",
    },
  ])("rejects a service that $what", async ({ answers, seconds, says }) => {
    expect(await wait({ answers, ...(seconds !== undefined && { seconds }) })).toBe(failure(says));
  });
});

describe("a container with the name of ours", () => {
  it.each([
    { project: "app", said: "" },
    {
      project: "other",
      said:
        "app: container 'app-api-1' (nginx) has the name of ours, and slipway did not make it; remove it, " +
        "then run `pulumi up` again\n",
    },
  ])("rejects a container that is not of the project, got '$project' (F33)", async ({ project, said }) => {
    const facts = `["one name"]=app-api-1 ["one project"]=${project} ["one image"]=nginx`;
    const read = `docker_read() { docker_ids=(one) docker_facts=(${facts}); }`;
    const script = `${read}; project=app project_services=(api); project_refuse_foreign`;
    expect((await host.source(staging, script)).stderr).toBe(said);
  });
});
