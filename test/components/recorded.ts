import * as pulumi from "@pulumi/pulumi";

/** A resource as the engine was asked for it. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  readonly inputs: unknown;
}

const secretSignature = "4dabf18193072939515e22adb298388d";

/** Builds resources against mocks and gives back what was registered, in order. */
export async function record(build: () => unknown): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }: pulumi.runtime.MockResourceArgs) => {
        const given: unknown = inputs;
        const plain = unwrap(given);
        recorded.push({ type, name, inputs: plain });
        return { id: `${name}-id`, state: { stdout: "", stderr: "" } };
      },
      call: () => ({}),
    },
    "aaperture",
    "staging",
  );
  await pulumi.runtime.runInPulumiStack(() => {
    build();
    return Promise.resolve();
  });
  await pulumi.runtime.disconnect();
  return recorded;
}

/** Secret inputs arrive in an envelope; a test reads what is in it. */
function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrap);
  if (typeof value !== "object" || value === null) return value;
  if (secretSignature in value && "value" in value) return unwrap(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, unwrap(field)]));
}
