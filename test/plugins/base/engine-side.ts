import { credentials, type ServiceError } from "@grpc/grpc-js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import type * as pb from "@pulumi/pulumi/proto/provider_pb.js";
import { listen } from "../../../toolchain/plugins/base/serve.ts";
import type { Provider } from "../../../toolchain/plugins/base/provider.ts";

/** Properties as they are sent, with the engine's marks for secrets and unknown values. */
export type Wire = Readonly<Record<string, JavaScriptValue>>;

/** The engine's mark for an unknown value. */
export const unknownMark = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Marks a value as secret, as the engine does. */
export function secretMark(value: JavaScriptValue): JavaScriptValue {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

/** The type guard for values that are marked as secret. */
export function isSecret(value: JavaScriptValue | undefined): value is { value: JavaScriptValue } {
  return typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value;
}

/** A resource as the state holds it. */
export interface SavedOnWire {
  readonly id: string;
  readonly inputs: Wire;
  readonly state: Wire;
}

interface Checked {
  readonly inputs: Wire;
  readonly failures: readonly string[];
}

type Callback<Response> = (error: ServiceError | null, response: Response) => void;

/** Calls a plugin as the engine does. */
export class EngineSide {
  readonly #client: ResourceProviderClient;
  readonly #type: string;

  constructor(port: number, type: string) {
    this.#client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    this.#type = type;
  }

  close(): void {
    this.#client.close();
  }

  async configure(args: Wire): Promise<pb.ConfigureResponse> {
    const request = new proto.ConfigureRequest();
    request.setArgs(wire(args));
    for (const [name, value] of Object.entries(args)) {
      if (typeof value === "string")
        request.getVariablesMap().set(`${this.#type.split(":", 1).join("")}:config:${name}`, value);
    }
    request.setAcceptsecrets(true);
    return this.#send((done) => this.#client.configure(request, done));
  }

  async checkConfig(news: Wire): Promise<Checked> {
    return checked(await this.#send((done) => this.#client.checkConfig(this.#checkRequest(news, {}), done)));
  }

  async check(news: Wire, olds: Wire = {}): Promise<Checked> {
    return checked(await this.#send((done) => this.#client.check(this.#checkRequest(news, olds), done)));
  }

  async diff(old: SavedOnWire, news: Wire, ignoreChanges: string[] = []): Promise<pb.DiffResponse.AsObject> {
    const request = this.#named(new proto.DiffRequest());
    request.setId(old.id);
    request.setOldInputs(wire(old.inputs));
    request.setOlds(wire(old.state));
    request.setNews(wire(news));
    request.setIgnorechangesList(ignoreChanges);
    return (await this.#send<pb.DiffResponse>((done) => this.#client.diff(request, done))).toObject();
  }

  async create(
    inputs: Wire,
    options: { preview?: boolean; timeout?: number } = {},
  ): Promise<{ id: string; state: Wire }> {
    const request = this.#named(new proto.CreateRequest());
    request.setProperties(wire(inputs));
    request.setPreview(options.preview ?? false);
    request.setTimeout(options.timeout ?? 0);
    const response = await this.#send<pb.CreateResponse>((done) => this.#client.create(request, done));
    return { id: response.getId(), state: plain(response.getProperties()) };
  }

  async read(old: SavedOnWire): Promise<SavedOnWire> {
    const request = this.#named(new proto.ReadRequest());
    request.setId(old.id);
    request.setInputs(wire(old.inputs));
    request.setProperties(wire(old.state));
    const response = await this.#send<pb.ReadResponse>((done) => this.#client.read(request, done));
    return { id: response.getId(), inputs: plain(response.getInputs()), state: plain(response.getProperties()) };
  }

  async update(old: SavedOnWire, news: Wire, preview = false): Promise<Wire> {
    const request = this.#named(new proto.UpdateRequest());
    request.setId(old.id);
    request.setOldInputs(wire(old.inputs));
    request.setOlds(wire(old.state));
    request.setNews(wire(news));
    request.setPreview(preview);
    return plain((await this.#send<pb.UpdateResponse>((done) => this.#client.update(request, done))).getProperties());
  }

  async delete(old: SavedOnWire): Promise<void> {
    const request = this.#named(new proto.DeleteRequest());
    request.setId(old.id);
    request.setOldInputs(wire(old.inputs));
    request.setProperties(wire(old.state));
    await this.#send((done) => this.#client.delete(request, done));
  }

  async invoke(token: string): Promise<void> {
    const request = new proto.InvokeRequest();
    request.setTok(token);
    await this.#send((done) => this.#client.invoke(request, done));
  }

  #named<
    Request extends {
      setUrn(value: string): unknown;
      setName(value: string): unknown;
      setType(value: string): unknown;
    },
  >(request: Request): Request {
    request.setUrn(`urn:pulumi:test::test::${this.#type}::thing`);
    request.setName("thing");
    request.setType(this.#type);
    return request;
  }

  #checkRequest(news: Wire, olds: Wire): pb.CheckRequest {
    const request = this.#named(new proto.CheckRequest());
    request.setNews(wire(news));
    request.setOlds(wire(olds));
    request.setRandomseed(new Uint8Array(32).fill(7));
    return request;
  }

  #send<Response>(call: (done: Callback<Response>) => unknown): Promise<Response> {
    return new Promise((resolve, reject) => call((error, response) => (error ? reject(error) : resolve(response))));
  }
}

/** Serves a provider in this process while `work` runs. */
export async function withProvider(
  provider: Provider,
  type: string,
  work: (engine: EngineSide) => Promise<void>,
): Promise<void> {
  const served = await listen(provider);
  const engine = new EngineSide(served.port, type);
  try {
    await work(engine);
  } finally {
    engine.close();
    served.stop();
  }
}

function wire(properties: Wire): struct.Struct {
  return struct.Struct.fromJavaScript(properties);
}

function plain(message: struct.Struct | undefined): Wire {
  return message?.toJavaScript() ?? {};
}

function checked(response: pb.CheckResponse): Checked {
  return { inputs: plain(response.getInputs()), failures: response.getFailuresList().map(reasonOf) };
}

// No failure may name a property, since the engine would print the property's value, even of a secret.
function reasonOf(failure: pb.CheckFailure): string {
  if (failure.getProperty() !== "") throw new Error(`the engine would print the value of ${failure.getProperty()}`);
  return failure.getReason();
}
