import fc from "fast-check";
import type { Json } from "../../../model/json.ts";

/** A field of a service as YAML in one line. */
type Field = readonly [key: string, yaml: string];

/** The variables of which texts are made; `UNSET` is not among them. */
export const variables = { SET: "value", EMPTY: "", NAME: "n.x" } as const;

/** Texts as people write them, with variables of all forms. */
const text = fc
  .array(
    fc.constantFrom(
      "a",
      "B-1",
      " x y",
      "$$",
      "$$$$HOME",
      "${SET}",
      "$SET/",
      "${EMPTY:-d}",
      "${UNSET:-${SET}}",
      "=",
      "'x y'",
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => parts.join(""));
const word = fc.constantFrom("a", "b", "c", "d-1", "e_2", "F.3");

/** A map of texts by name, or the same as a list of `NAME=value`. */
const assignments = fc.oneof(
  fc.dictionary(word, fc.oneof(text, fc.integer({ min: 0, max: 99_999 }), fc.boolean())),
  fc.array(fc.tuple(fc.oneof(word, fc.constant("${NAME}.y")), text).map((pair) => pair.join("="))),
);

/** Different items that begin with one of these; those of a second file must be others where Compose asks for it. */
const items = (file: string, ...starts: readonly string[]): fc.Arbitrary<Json> =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...starts), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
      maxLength: 3,
      selector: String,
    })
    .map((pairs) => pairs.map(([start, number]) => `${start}${file}${number}`));

const command = fc.oneof(text, fc.array(text, { maxLength: 3 }));
const port = fc.constantFrom(
  "80",
  "8080:81",
  "127.0.0.1:82:82",
  "83/udp",
  "3000-3002:4000-4002",
  "${UNSET:-84:84}",
  "${UNSET:-85}:85",
);

/** Fields that slipway passes on to the server's Compose; `file` tells those of two files apart. */
export function fieldsOf(file: "1" | "2"): Readonly<Record<string, fc.Arbitrary<Json>>> {
  return {
    command,
    entrypoint: command,
    environment: assignments,
    labels: assignments,
    annotations: fc.dictionary(word, text),
    sysctls: fc.oneof(fc.dictionary(word, fc.integer({ min: 0, max: 9 })), fc.constant(["a=1", "b=2"])),
    cap_add: fc.subarray(["NET_ADMIN", "SYS_TIME", "CHOWN"], { minLength: 1 }),
    cap_drop: fc.subarray(["ALL", "KILL"], { minLength: 1 }),
    dns: fc.oneof(fc.constant("1.1.1.1"), fc.subarray(["1.1.1.1", "8.8.8.8"], { minLength: 1 })),
    dns_search: fc.oneof(fc.constant("a.example"), fc.constant(["b.example"])),
    expose: fc.subarray(["80", "81"], { minLength: 1 }),
    security_opt: items(file, "label:user:"),
    group_add: items(file, "group"),
    device_cgroup_rules: items(file, "c 1:1"),
    extra_hosts: fc.oneof(fc.dictionary(word, fc.constant("10.0.0.1")), fc.constant([`h:10.0.0.${file}`])),
    healthcheck: fc.record(
      {
        test: fc.oneof(
          text,
          fc.array(text).map((words) => ["CMD", ...words]),
        ),
        interval: fc.constantFrom("5s", "1m30s"),
        retries: fc.integer({ min: 1, max: 9 }),
        start_period: fc.constant("${UNSET:-40s}"),
      },
      { requiredKeys: ["test"] },
    ),
    ulimits: fc.constantFrom({ nproc: 5 }, { nproc: 6, nofile: { soft: 1, hard: 2 } }, { nofile: 7 }),
    tmpfs: fc.oneof(fc.constant(`/run${file}`), items(file, "/tmp", "/var/tmp")),
    mem_limit: fc.constantFrom("512m", "1gb", 1_048_576, "${UNSET:-64m}"),
    cpus: fc.constantFrom(0.5, "1.25"),
    shm_size: fc.constantFrom("64m", 1024),
    devices: fc.subarray(["/dev/null", "/dev/zero:/dev/null", "/dev/fuse:/dev/fuse:rwm"], { minLength: 1 }),
    user: fc.constantFrom("1000", "1000:1000", "${SET}"),
    working_dir: text.map((path) => `/srv/${path}`),
    hostname: fc.constant("host"),
    stop_signal: fc.constant("SIGINT"),
    stop_grace_period: fc.constantFrom("1m", "10s"),
    restart: fc.constantFrom("no", "always", "on-failure:3", "${UNSET:-unless-stopped}"),
    init: fc.boolean(),
    tty: fc.boolean(),
    read_only: fc.boolean(),
    privileged: fc.boolean(),
    storage_opt: fc.constant({ size: "1G" }),
    ports: fc.uniqueArray(port, { maxLength: 3 }),
    volumes: fc.uniqueArray(fc.constantFrom("one:/one", "two:/two/:ro", "three:/one", "/anonymous"), { maxLength: 3 }),
    depends_on: fc.constantFrom(["db"], { db: { condition: "service_healthy" } }),
    deploy: fc.constantFrom({ labels: ["a=1"] }, { labels: { a: 2, b: 3 } }, { replicas: 2 }),
  };
}

/** Some fields of a service in one file. */
function someFields(file: "1" | "2"): fc.Arbitrary<readonly Field[]> {
  const all = Object.entries(fieldsOf(file));
  return fc
    .subarray(all, { minLength: 1, maxLength: 12 })
    .chain((chosen) =>
      fc.tuple(...chosen.map(([key, value]) => value.map((written): Field => [key, JSON.stringify(written)]))),
    );
}

/** A field of the second file may be taken out of the first one. */
const tagged = (fields: readonly Field[]): fc.Arbitrary<readonly Field[]> =>
  fc.tuple(
    ...fields.map(([key, yaml]) =>
      fc.constantFrom<Field>([key, yaml], [key, yaml], [key, yaml], [key, `!override ${yaml}`], [key, "!reset null"]),
    ),
  );

const fileOf = (fields: readonly Field[]): string => fields.map(([key, yaml]) => `    ${key}: ${yaml}\n`).join("");

/** A compose file with a service, and one that is merged over it. */
export const composeFiles = fc.tuple(someFields("1"), someFields("2").chain(tagged)).map(([first, second]) => ({
  "compose.yaml":
    `services:\n  db: { image: db }\n  api:\n    image: api\n${fileOf(first)}` + "volumes: { one: , two: , three: }\n",
  "over.yaml": `services:\n  api:\n${fileOf(second)}`,
}));
