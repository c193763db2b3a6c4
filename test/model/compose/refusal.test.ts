import { describe, expect, it } from "vitest";
import { composeOf, read, type Trial } from "./trial.ts";

const release: Trial = { services: { api: { release: true } } };

const refusals: readonly [title: string, compose: string, trial: Trial, ...problems: string[]][] = [
  [
    "a structural field with a variable that is not set",
    composeOf("image: a:${TAG}"),
    {},
    "compose.yaml:3:5: image needs the variable TAG, which is not set, got 'a:${TAG}'; " +
      "set variables.TAG, or write a default such as ${TAG:-…}",
  ],
  [
    "a structural field with a secret",
    composeOf("image: a:${TAG:-1}"),
    { secrets: ["TAG"] },
    "compose.yaml:3:5: image uses a variable that is secret, got 'a:${TAG:-1}'; " +
      "use a variable that is not secret; if this one is not, move it to `variables`",
  ],
  [
    "a structural field with an empty variable that it requires, with its own message",
    composeOf("image: a:${TAG:?say which}"),
    { variables: { TAG: "" } },
    "compose.yaml:3:5: image needs the variable TAG, which is empty (say which), got 'a:${TAG:?say which}'; " +
      "set variables.TAG, or write a default such as ${TAG:-…}",
  ],
  [
    "a value field with a variable that is not set",
    composeOf("command: ${X}\nenvironment:\n  Y: ${X:?no}-${Z}"),
    { secrets: ["Z"] },
    "compose.yaml:3:5: command needs the variable X, which is not set; " +
      "set variables.X or secrets.X, or write a default",
    "compose.yaml:5:7: environment.Y needs the variable X, which is not set; " +
      "set variables.X or secrets.X, or write a default",
  ],
  [
    "a brace that begins no variable",
    composeOf("image: a:${1}\ncommand: echo ${X"),
    {},
    "compose.yaml:3:5: image holds a '${' that begins no variable, got 'a:${1}'; " +
      "close it, or write `$$` for a dollar sign",
    "compose.yaml:4:5: command holds a '${' that begins no variable, got 'echo ${X'; " +
      "close it, or write `$$` for a dollar sign",
  ],
  [
    "ports that are none",
    composeOf('ports:\n  - "80:80"\n  - "3000-3005:3000-3004"\n  - "70000"\n  - "80/sctp"\n  - "${P:-a}"'),
    {},
    ...["3000-3005:3000-3004", "70000", "80/sctp", "${P:-a}"].map(
      (port, index) =>
        `compose.yaml:${index + 5}:9: ports has no port that Compose can publish, got '${port}'; ` +
        "write HOST:CONTAINER with numbers from 1 to 65535, or with two ranges of the same length",
    ),
  ],
  [
    "an env file that is a folder",
    composeOf("env_file: config"),
    { files: { "config/common.env": "A=1" } },
    "compose.yaml:3:5: the env_file 'config' of service 'api' is a folder; name a file",
  ],
  [
    "a dependency on a service that does not exist",
    composeOf("depends_on: [databse]"),
    {},
    "compose.yaml:3:5: depends_on names 'databse', which is not a service; correct the name",
  ],
  [
    "a dependency on a service that is not deployed",
    "services:\n  api:\n    depends_on:\n      - job\n  job: { profiles: [once] }\n",
    {},
    "compose.yaml:3:5: depends_on names 'job', which has profiles and is not deployed; " +
      "name it in services.job, or one of its profiles in profiles, to deploy it, or write `required: false`",
  ],
  [
    "a release service that is built for development",
    composeOf("build:\n  context: .\n  target: dev"),
    release,
    "compose.yaml:5:7: service 'api' of a release is built for development, got 'dev'; " +
      "remove it, or add 'build.target' to services.api.drop",
  ],
  [
    "a release service with a develop section",
    composeOf("develop: { watch: [{ action: rebuild, path: . }] }"),
    release,
    "compose.yaml:3:5: service 'api' of a release has a develop section; " +
      "remove it, or add 'develop' to services.api.drop",
  ],
  [
    "a drop that names no mount",
    composeOf("volumes: [data:/data]", "volumes:\n  data:"),
    { services: { api: { drop: ["/app"] } } },
    "services.api.drop: names no mount of the service, got '/app'; use one of /data",
  ],
  [
    "links of other projects, volumes of other containers, and namespaces of other services",
    `${composeOf("external_links: [x]\nvolumes_from: [container:db]\nipc: service:db\npid: container:x")}  db: {}\n`,
    {},
    "compose.yaml:3:5: service 'api' has external_links, which cannot be deployed; remove it; " +
      "run that container as a service",
    "compose.yaml:5:5: service 'api' has ipc, which cannot be deployed; remove it; " +
      "containers of two projects cannot share memory",
    "compose.yaml:6:5: service 'api' has pid, which cannot be deployed; remove it; " +
      "containers of two projects cannot share processes",
    "compose.yaml:4:20: service 'api' has the volumes of a container that no file describes, got 'db'; " +
      "mount its named volumes by `volumes`, with `external: true` and their `name` below the top-level volumes",
  ],
  [
    "services that are needed and do not exist",
    composeOf("links: [a]\npid: service:b\ndepends_on: [c]"),
    {},
    "compose.yaml:4:5: service 'api' has pid, which cannot be deployed; remove it; " +
      "containers of two projects cannot share processes",
    "compose.yaml:5:5: depends_on names 'c', which is not a service; correct the name",
    "compose.yaml:3:13: links names 'a', which is not a service; correct the name",
    "compose.yaml:4:5: pid names 'b', which is not a service; correct the name",
  ],
  [
    "two containers with the same data",
    composeOf("deploy:\n  replicas: 2"),
    { services: { api: { hasData: true } } },
    "compose.yaml:4:7: service 'api' keeps data and cannot run more than once, got 2 replicas; write 1, or remove it",
  ],
  [
    "two containers with the same host port",
    composeOf("scale: ${N:-3}"),
    { services: { api: { published: true } } },
    "compose.yaml:3:5: service 'api' has a host port and cannot run more than once, got 3 replicas; " +
      "write 1, or remove it",
  ],
  [
    "a volume that holds a secret in its options, or has a name that the engine does not take",
    composeOf(
      "volumes: [a:/a, b:/b]",
      "volumes:\n  a: { driver_opts: { type: cifs, o: 'password=${PASSWORD}' } }\n  b: { name: a/b }",
    ),
    { secrets: ["PASSWORD"] },
    "compose.yaml:5:3: volumes.a.driver_opts.o uses a variable that is secret, got 'password=${PASSWORD}'; " +
      "make it on the server by hand, and write `external: true` with its name",
    "compose.yaml:6:3: the volume 'b' has a name that the engine does not take, got 'a/b'; " +
      "use letters, digits, '.', '_' and '-', and begin with a letter or digit",
  ],
  [
    "a network with a secret in its options, a name that the engine does not take, or a driver of its own",
    composeOf(
      "networks: [a, b, c]",
      "networks:\n  a: { driver_opts: { o: '${PASSWORD}' } }\n  b: { name: a/b }\n  c: { driver: macvlan }",
    ),
    { secrets: ["PASSWORD"] },
    "compose.yaml:5:3: networks.a.driver_opts.o uses a variable that is secret, got '${PASSWORD}'; " +
      "make it on the server by hand, and write `external: true` with its name",
    "compose.yaml:6:3: the network 'b' has a name that the engine does not take, got 'a/b'; " +
      "use letters, digits, '.', '_' and '-', and begin with a letter or digit",
    "compose.yaml:7:3: the network 'c' has a driver that slipway does not make, got 'macvlan'; " +
      "make it on the server by hand, and write `external: true` with its name",
  ],
  [
    "secrets and configs that are neither files nor variables with a value",
    composeOf(
      "secrets: [token]\nconfigs: [page, other]",
      "secrets:\n  token: { environment: TOKEN }\nconfigs:\n  page: { external: true }",
    ),
    {},
    "compose.yaml:3:5: the secret 'token' of service 'api' needs the variable TOKEN, which is not set; " +
      "add TOKEN to the environment's secrets, or correct `environment` of the secret",
    "compose.yaml:8:3: configs.page is external, which only Docker Swarm has; " +
      "give it a file of the repository, `content`, or `environment` with a variable that is not secret",
    "compose.yaml:4:5: configs names 'other', which is not defined; " +
      "add it below the file's top-level configs, or name in `compose` the file that has it",
  ],
];

describe("an application that cannot be deployed", () => {
  it.each(refusals)("rejects %s", (_, compose, trial, ...problems) => {
    expect(read(compose, trial).problems).toEqual(problems);
  });

  it("can be deployed once the stack drops the parts for development", () => {
    const lines =
      'build: { context: ., target: dev }\ndevelop: { watch: [] }\nvolumes: [".:/app", "/app/node_modules"]';
    const drop = ["/app", "/app/node_modules", "develop", "build.target"];
    const { application, problems, notes } = read(composeOf(lines), { services: { api: { release: true, drop } } });
    expect(problems).toEqual([]);
    expect(application?.services["api"]?.mounts).toEqual([]);
    expect(notes).toEqual([
      "api: the mount at /app is left out, as the stack says",
      "api: the mount at /app/node_modules is left out, as the stack says",
      "api: build is not used; slipway builds nothing on a server",
      "api: develop is not used; it is for developers' machines",
    ]);
  });

  it.each(["ipc: host", "pid: host", "ipc: shareable", "scale: 1", "deploy: { replicas: 4 }"])(
    "is not one because of `%s`",
    (line) => expect(read(composeOf(line)).problems).toEqual([]),
  );
});
