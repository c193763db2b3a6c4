import { status } from "@grpc/grpc-js";
import type { handleUnaryCall, ServerErrorResponse, UntypedServiceImplementation } from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import type { PluginAttach, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import type * as pb from "@pulumi/pulumi/proto/provider_pb.js";
import { compare, withoutIgnored, withSecrets } from "./difference.ts";
import type { Engine } from "./engine.ts";
import { checkResponse, diffResponse } from "./messages.ts";
import { fromStruct, toStruct, type Properties } from "./property.ts";
import { ownConfig, type Provider } from "./provider.ts";
import type { Operation, ResourceType, Saved } from "./resource-type.ts";
import { secretPaths, type Path } from "./secret.ts";
import { Unsupported } from "./unsupported.ts";

/** Implements the gRPC service `pulumirpc.ResourceProvider` for one provider. */
export class ProviderService {
  readonly #provider: Provider;
  readonly #engine: Engine;
  readonly #cancelled = new AbortController();

  constructor(provider: Provider, engine: Engine) {
    this.#provider = provider;
    this.#engine = engine;
  }

  /** The handlers by method. Other methods answer UNIMPLEMENTED, which the engine understands. */
  handlers(): UntypedServiceImplementation {
    return {
      handshake: unary(() => this.#handshake()),
      attach: unary((request: PluginAttach) => this.#attach(request)),
      getPluginInfo: unary(() => this.#pluginInfo()),
      getSchema: unary(() => this.#schema()),
      checkConfig: unary((request: pb.CheckRequest) => this.#checkConfig(request)),
      diffConfig: unary((request: pb.DiffRequest) => this.#diffConfig(request)),
      configure: unary((request: pb.ConfigureRequest) => this.#configure(request)),
      invoke: unary((request: pb.InvokeRequest) => this.#refuse(request.getTok())),
      call: unary((request: pb.CallRequest) => this.#refuse(request.getTok())),
      construct: unary((request: pb.ConstructRequest) => this.#refuse(request.getType())),
      check: unary((request: pb.CheckRequest) => this.#check(request)),
      diff: unary((request: pb.DiffRequest) => this.#diff(request)),
      create: unary((request: pb.CreateRequest) => this.#create(request)),
      read: unary((request: pb.ReadRequest) => this.#read(request)),
      update: unary((request: pb.UpdateRequest) => this.#update(request)),
      delete: unary((request: pb.DeleteRequest) => this.#delete(request)),
      cancel: unary(() => this.cancel()),
    };
  }

  /** Cancels running operations. The engine calls this on Ctrl-C, and when it no longer needs the plugin. */
  cancel(): Empty {
    this.#cancelled.abort(new Error("cancelled"));
    return new empty.Empty();
  }

  // Without `acceptSecrets` values arrive unwrapped, and the engine marks outputs by the secret inputs of their names.
  #handshake(): pb.ProviderHandshakeResponse {
    const response = new proto.ProviderHandshakeResponse();
    response.setAcceptSecrets(this.#provider.acceptsSecrets ?? false);
    return response;
  }

  #attach(request: PluginAttach): Empty {
    this.#engine.connect(request.getAddress());
    return new empty.Empty();
  }

  #pluginInfo(): PluginInfo {
    const info = new plugin.PluginInfo();
    info.setVersion(this.#provider.version);
    return info;
  }

  #schema(): pb.GetSchemaResponse {
    const { name, version } = this.#provider;
    const response = new proto.GetSchemaResponse();
    response.setSchema(JSON.stringify({ name, version }));
    return response;
  }

  #checkConfig(request: pb.CheckRequest): pb.CheckResponse {
    const config = fromStruct(request.getNews(), this.#provider.name);
    return checkResponse(config, this.#provider.checkConfig?.(ownConfig(config)) ?? [], []);
  }

  #diffConfig(request: pb.DiffRequest): pb.DiffResponse {
    const olds = ownConfig(fromStruct(request.getOldInputs(), this.#provider.name));
    const news = ownConfig(fromStruct(request.getNews(), this.#provider.name));
    const difference = this.#provider.diffConfig?.(olds, news) ?? { changes: compare(olds, news), replaces: [] };
    return diffResponse(withoutIgnored(difference, request.getIgnorechangesList()));
  }

  async #configure(request: pb.ConfigureRequest): Promise<pb.ConfigureResponse> {
    await this.#provider.configure?.(ownConfig(fromStruct(request.getArgs(), this.#provider.name)));
    const response = new proto.ConfigureResponse();
    response.setSupportspreview(true);
    response.setAcceptsecrets(this.#provider.acceptsSecrets ?? false);
    return response;
  }

  // Functions, components and types that no plugin here supports.
  #refuse(token: string): never {
    throw new Unsupported(this.#provider.name, token);
  }

  #check(request: pb.CheckRequest): pb.CheckResponse {
    const type = this.#type(request);
    const { inputs, problems } = type.check(fromStruct(request.getNews(), type.token), {
      name: request.getName(),
      oldInputs: fromStruct(request.getOlds(), type.token),
      randomSeed: request.getRandomseed_asU8(),
    });
    return checkResponse(inputs, problems, secrets(type, request.getNews()));
  }

  #diff(request: pb.DiffRequest): pb.DiffResponse {
    const type = this.#type(request);
    const old = saved(request, request.getOldInputs(), request.getOlds(), type);
    const plain = type.diff(old, fromStruct(request.getNews(), type.token));
    const difference = withSecrets(plain, secretPaths(request.getOldInputs()), secretPaths(request.getNews()));
    return diffResponse(withoutIgnored(difference, request.getIgnorechangesList()));
  }

  async #create(request: pb.CreateRequest): Promise<pb.CreateResponse> {
    const type = this.#type(request);
    const inputs = fromStruct(request.getProperties(), type.token);
    const response = new proto.CreateResponse();
    if (request.getPreview()) {
      response.setId(type.previewId(request.getName()));
      response.setProperties(toStruct(type.preview(inputs, undefined), secrets(type, request.getProperties())));
      return response;
    }
    const { id, state } = await type.create(inputs, this.#operation(request));
    response.setId(id);
    response.setProperties(toStruct(state, secrets(type, request.getProperties())));
    return response;
  }

  async #read(request: pb.ReadRequest): Promise<pb.ReadResponse> {
    const type = this.#type(request);
    const old = saved(request, request.getInputs(), request.getProperties(), type);
    const found = await type.read(old, this.#operation(request));
    const response = new proto.ReadResponse();
    if (found === undefined) return response;
    response.setId(found.id);
    response.setInputs(toStruct(found.inputs, secrets(type, request.getInputs())));
    response.setProperties(toStruct(found.state, secrets(type, request.getProperties())));
    return response;
  }

  async #update(request: pb.UpdateRequest): Promise<pb.UpdateResponse> {
    const type = this.#type(request);
    const old = saved(request, request.getOldInputs(), request.getOlds(), type);
    const inputs = fromStruct(request.getNews(), type.token);
    const state = request.getPreview()
      ? type.preview(inputs, old)
      : await type.update(old, inputs, this.#operation(request));
    const response = new proto.UpdateResponse();
    response.setProperties(toStruct(state, secrets(type, request.getNews())));
    return response;
  }

  async #delete(request: pb.DeleteRequest): Promise<Empty> {
    const type = this.#type(request);
    const old = saved(request, request.getOldInputs(), request.getProperties(), type);
    await type.delete(old, this.#operation(request));
    return new empty.Empty();
  }

  #type(request: { getType(): string }): ResourceType {
    const token = request.getType();
    return this.#provider.resources.find((type) => type.token === token) ?? this.#refuse(token);
  }

  #operation(request: { getUrn(): string; getName(): string; getTimeout(): number }): Operation {
    const urn = request.getUrn();
    const seconds = request.getTimeout();
    const cancelled = this.#cancelled.signal;
    return {
      urn,
      name: request.getName(),
      signal: seconds > 0 ? AbortSignal.any([cancelled, AbortSignal.timeout(seconds * 1000)]) : cancelled,
      log: (entry) => this.#engine.log({ ...entry, urn }),
    };
  }
}

type Message = Parameters<typeof fromStruct>[0];

/** The secret paths of a response: those of the type, and those of the request's properties. */
function secrets(type: ResourceType, request: Message): Path[] {
  return [...type.secrets.map((name) => name.split(".")), ...secretPaths(request)];
}

function saved(
  request: { getId(): string },
  inputs: Message,
  state: Message,
  type: ResourceType,
): Saved<Properties, Properties> {
  return { id: request.getId(), inputs: fromStruct(inputs, type.token), state: fromStruct(state, type.token) };
}

/** Makes a gRPC handler from a function that may return, throw or be asynchronous. */
function unary<Request, Response>(
  answer: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    settle(answer, call.request).then(
      (response) => callback(null, response),
      (thrown: unknown) => callback(toStatus(thrown)),
    );
  };
}

/** Turns an exception of a synchronous handler into a rejection. */
async function settle<Request, Response>(
  answer: (request: Request) => Response | Promise<Response>,
  request: Request,
): Promise<Response> {
  return answer(request);
}

/** Makes the gRPC status of an error as the official plugins do: with its text and no specific code. */
function toStatus(thrown: unknown): Partial<ServerErrorResponse> {
  return { code: status.UNKNOWN, details: thrown instanceof Error ? thrown.message : String(thrown) };
}
