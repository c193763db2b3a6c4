import * as pulumi from "@pulumi/pulumi";

/** A resource that a program registered. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  readonly inputs: unknown;
  readonly options: RecordedOptions;
}

/** The options of a resource that decide about order and data; resources are named by type and name. */
export interface RecordedOptions {
  readonly parent: string | undefined;
  readonly dependsOn: readonly string[];
  readonly provider: string | undefined;
  readonly retainOnDelete: boolean;
  readonly protect: boolean;
}

const secretSignature = "4dabf18193072939515e22adb298388d";

/** Builds resources against mocks and returns the registered ones in order. */
export async function record(build: () => unknown): Promise<Recorded[]> {
  const inputs = new Map<string, unknown>();
  const asked: { readonly type: string; readonly name: string; readonly options: Promise<RecordedOptions> }[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs: given }: pulumi.runtime.MockResourceArgs) => {
        inputs.set(`${type} ${name}`, unwrap(given));
        return { id: `${name}-id`, state: { stdout: "", stderr: "" } };
      },
      call: () => ({}),
    },
    "aaperture",
    "staging",
  );
  await pulumi.runtime.runInPulumiStack(() => {
    pulumi.runtime.registerStackTransformation(({ type, name, opts }) => {
      asked.push({ type, name, options: optionsOf(opts) });
      return undefined;
    });
    build();
    return Promise.resolve();
  });
  await pulumi.runtime.disconnect();
  const recorded = asked.map(async ({ type, name, options }) => {
    return { type, name, inputs: inputs.get(`${type} ${name}`), options: await options };
  });
  return await Promise.all(recorded);
}

/** Checks that an option is a resource; the tests pass no promises. */
async function optionsOf(options: pulumi.CustomResourceOptions): Promise<RecordedOptions> {
  const { parent, dependsOn = [], provider, retainOnDelete = false, protect = false } = options;
  const before: unknown[] = Array.isArray(dependsOn) ? dependsOn : [dependsOn];
  const named = await Promise.all(before.filter((one) => pulumi.Resource.isInstance(one)).map(nameOf));
  return {
    parent: parent && (await nameOf(parent)),
    dependsOn: named.sort(),
    provider: provider && (await nameOf(provider)),
    retainOnDelete,
    protect,
  };
}

/** The last type and the name in a resource's URN. */
async function nameOf(resource: pulumi.Resource): Promise<string> {
  const urn = await new Promise<string>((resolve) => resource.urn.apply(resolve));
  const [, , types = "", name = ""] = urn.replace(/^urn:/, "").split("::");
  return `${types.split("$").at(-1) ?? ""} ${name}`;
}

/** Unwraps the envelope in which secret inputs arrive. */
function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrap);
  if (typeof value !== "object" || value === null) return value;
  if (secretSignature in value && "value" in value) return unwrap(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, unwrap(field)]));
}
