import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { staging } from "./answer.ts";
import { dockerCalls, scriptDocker } from "./docker-script.ts";
import { LocalHost } from "./host-program.ts";

let host: LocalHost;
beforeEach(() => {
  host = new LocalHost();
});
afterEach(() => {
  host.remove();
});

const separated = (fields: readonly string[]): string => fields.join("\\x1f");
const id = (letter: string): string => letter.repeat(64);

/** A line of docker_format about a container of the stack or of another project. */
function line(letter: string, project: string, service: string): string {
  const head = [id(letter), `${project}-${service}-1`, project, service, "1", "False", "app@sha256:1", "sha256:2"];
  const state = ["running", "", "0", "2026-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "0", "42", "no", "hash"];
  return separated([...head, ...state, `${project}_data=10.0.0.2 ${project}_edge=10.0.1.2 `, "127.0.0.1:80 ", ""]);
}

const ready = "case $1 in version) echo '26.1.5 linux/amd64' ;;";

describe("the state of the Docker engine", () => {
  it("is read once in a process, and answers for fields, projects and networks", async () => {
    const lines = [line("a", "app", "api"), line("b", "app", "web"), line("c", "other", "api")].join("\\n");
    scriptDocker(host, `${ready} ps) echo ${id("a")} ;; inspect) printf '${lines}\\n' ;; esac`);
    const { stdout, stderr } = await host.source(
      staging,
      `docker_select project app; printf '%s ' "\${docker_selected[@]:0:2}"; echo "\${#docker_selected[@]}"
       docker_select project app service web; echo "\${docker_facts["\${docker_selected[0]} name"]}"
       docker_address "\${docker_selected[0]}" app_edge; echo
       docker_address "\${docker_selected[0]}" none || echo nowhere`,
    );
    expect(stderr).toBe("");
    expect(stdout).toBe(`${id("a")} ${id("b")} 2\napp-web-1\n10.0.1.2\nnowhere\n`);
    expect(dockerCalls(host)).toEqual(["ps --all", "inspect --type"]);
  });

  it("is read again for one project alone, whose containers may be gone or changed", async () => {
    const all = [line("a", "app", "api"), line("b", "app", "web"), line("c", "other", "api")].join("\\n");
    const again = line("b", "app", "web").replace("running", "exited");
    const inspect = `case "$*" in *${id("c")}*) printf '${all}\\n' ;; *) printf '${again}\\n'; exit 1 ;; esac`;
    scriptDocker(host, `${ready} ps) echo ${id("c")} ;; inspect) ${inspect} ;; esac`);
    const { stdout } = await host.source(
      staging,
      "docker_read; docker_renew app; docker_select project app; " +
        'echo "${docker_facts["${docker_selected[*]} state"]} of ${#docker_ids[@]}"',
    );
    expect(stdout).toBe("exited of 2\n");
    expect(dockerCalls(host)).toEqual(["ps --all", "inspect --type", "inspect --type"]);
  });

  it.each([
    { what: "were brought up", script: "project_compose() { :; }; project_up 5" },
    {
      what: "could not be brought up",
      script: "project_compose() { false; }; project_say_ill() { known; exit; }; number=1.a; project_up 5",
    },
    { what: "were removed", script: `docker_facts["${id("a")} name"]=app; project_remove ${id("a")}` },
    {
      what: "were restarted",
      script:
        `mounts_stale() { mounts_found=(${id("a")}); }; rewritten_services() { :; }; wait_ready() { :; }; ` +
        `docker_facts["${id("a")} service"]=api; object=x; compose_refresh ''`,
    },
  ])("is read again after containers $what", async ({ script }) => {
    scriptDocker(host, `${ready} ps) echo ${id("a")} ;; inspect) printf '${line("a", "app", "api")}\\n' ;; esac`);
    const { stdout } = await host.source(
      staging,
      `known() { echo "\${docker_loaded:-unknown}"; }; mask_learn() { :; }; mask_learn_containers() { :; }
       project=app project_env='' project_folder=/none project_services=() folder=${host.folder}
       docker_read; known; ${script}; known`,
    );
    expect(stdout).toBe("yes\nunknown\n");
  });

  it("does not depend on the caller's environment", async () => {
    scriptDocker(host, "env | cut -d= -f1 | grep -Ev '^(PWD|SHLVL|_)$' | sort");
    const { stdout } = await host.source(staging, "export DOCKER_HOST=tcp://elsewhere COMPOSE_FILE=x; docker_do 5 ps");
    expect(stdout).toBe("DOCKER_CONFIG\nHOME\nLC_ALL\nPATH\n");
  });

  it("waits for an engine that restarts (F25)", async () => {
    const up = join(host.folder, "up");
    scriptDocker(host, `[[ -e ${up} ]] || { touch ${up}; echo 'Cannot connect' >&2; exit 1; }\n${ready} esac`);
    const { stdout } = await host.source(staging, 'docker_need compose; echo "$docker_engine on $docker_platform"');
    expect(stdout).toBe("26.1.5 on linux/amd64\n");
  });

  it("is read again when the engine restarts between two calls (F25)", async () => {
    const failed = join(host.folder, "failed");
    const once = `[[ -e ${failed} ]] || { touch ${failed}; exit 1; }`;
    scriptDocker(
      host,
      `${ready} ps) echo ${id("a")} ;; inspect) ${once}; printf '${line("a", "app", "api")}\\n' ;; esac`,
    );
    const { stdout } = await host.source(staging, 'docker_select project app; echo "${#docker_selected[@]}"');
    expect(stdout).toBe("1\n");
    expect(dockerCalls(host).slice(-3)).toEqual(["version --format", "ps --all", "inspect --type"]);
  });

  it("is read as a whole when the engine restarts while one project is read again (F25)", async () => {
    const asked = join(host.folder, "asked");
    const second = `echo >>${asked}; [[ $(wc -l <${asked}) != 2 ]] || exit 1`;
    scriptDocker(
      host,
      `${ready} ps) echo ${id("a")} ;; inspect) ${second}; printf '${line("a", "app", "api")}\\n' ;; esac`,
    );
    const { stdout } = await host.source(
      staging,
      'docker_read; docker_renew app; docker_select project app; echo "${#docker_selected[@]}"',
    );
    expect(stdout).toBe("1\n");
    expect(dockerCalls(host).slice(-3)).toEqual(["inspect --type", "ps --all", "inspect --type"]);
  });

  it("rejects an engine that does not come back, with its own message", async () => {
    scriptDocker(host, "echo 'Cannot connect to the Docker daemon' >&2; exit 1");
    const { code, stderr } = await host.source(staging, "docker_patience=0; docker_need compose; echo on");
    expect(code).toBe(1);
    expect(stderr).toBe(
      "compose: the Docker engine does not answer: Cannot connect to the Docker daemon; start it, " +
        "then run slipway again\n",
    );
  });

  it("rejects a call that hangs", async () => {
    scriptDocker(host, "sleep 60");
    const { stdout } = await host.source(staging, "docker_do 0.2 ps || echo $?");
    expect(stdout).toBe("124\n");
  });
});

describe("Compose", () => {
  it("never prompts, builds, pulls or removes unknown containers", async () => {
    const words = join(host.folder, "words");
    scriptDocker(host, `printf '%s\\n' "$@" >${words}; env | grep ^COMPOSE | sort >>${words}`);
    await host.source(
      staging,
      `project=app project_folder=/srv/app project_env=/srv/app/.env project_services=() folder=${host.folder}
       project_refuse_foreign() { docker_ids=(); }; docker_loaded=yes; project_up 5`,
    );
    expect(existsSync(words)).toBe(true);
    expect(readFileSync(words, "utf8").trim().split("\n").join(" ")).toBe(
      "compose --ansi never --progress plain --project-name app --project-directory /srv/app " +
        "--file /srv/app/compose.yaml " +
        "--env-file /srv/app/.env up --detach --no-build --pull never --quiet-pull " +
        "COMPOSE_IGNORE_ORPHANS=true COMPOSE_PROFILES= COMPOSE_REMOVE_ORPHANS=false",
    );
  });
});
