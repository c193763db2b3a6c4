/** The keys at a place of a compose file: a value of each, as YAML, that is no default and that nothing else has. */
export interface Samples {
  /** What stands at the place beside the key. @default an empty map */
  readonly base?: string;
  /** What stands at the place above, beside this one. @default the base of that place */
  readonly above?: string;
  readonly keys: Readonly<Record<string, string>>;
  /** Other bases, for keys that need one. */
  readonly bases?: Readonly<Record<string, string>>;
}

/** Samples by place. */
export type SamplesByPlace = Readonly<Record<string, Samples>>;

/** The keys of a command that runs beside a container's own. */
export const hook: Samples = {
  base: "{ command: [a] }",
  keys: {
    command: "[seen-4711]",
    user: "seen-4711",
    privileged: "true",
    working_dir: "/seen-4711",
    environment: "{ SEEN: 4711 }",
  },
};

/** The keys of a secret or config in a service; `two` is another one than `one`. */
export const grant: Samples = {
  base: "{ source: one }",
  keys: { source: "two", target: "/seen-4711", uid: '"4711"', gid: '"4711"', mode: "0440" },
};

/** The keys of a limit with two ends. */
export const ulimit: Samples = { base: "{ soft: 5, hard: 9000 }", keys: { hard: "4711", soft: "4711" } };

/** The keys of a request for devices. */
export const device: Samples = {
  base: "{ capabilities: [gpu] }",
  keys: {
    capabilities: "[seen-4711]",
    count: "4711",
    device_ids: '["4711"]',
    driver: "seen-4711",
    options: "{ seen: 4711 }",
  },
};
