import { connectivityState, credentials } from "@grpc/grpc-js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";

type Severity = "debug" | "info" | "warning" | "error";

/** A message for the user, which the engine shows beside its resource. */
export interface LogEntry {
  readonly urn: string;
  readonly message: string;
  readonly severity?: Severity;
  /** True for a message that is shown only while the operation runs. */
  readonly ephemeral?: boolean;
}

const severities = {
  debug: engine.LogSeverity.DEBUG,
  info: engine.LogSeverity.INFO,
  warning: engine.LogSeverity.WARNING,
  error: engine.LogSeverity.ERROR,
};

/** The connection to the engine that started this plugin. */
export class Engine {
  readonly #onLost: () => void;
  #client: EngineClient | undefined;

  /** Calls `onLost` when the engine has ended, so that the plugin can end too. */
  constructor(onLost: () => void) {
    this.#onLost = onLost;
  }

  /** Connects to the engine. Messages before this call, or of a plugin that was started by hand, are dropped. */
  connect(address: string): void {
    this.close();
    this.#client = new EngineClient(address, credentials.createInsecure());
    this.#follow(this.#client);
  }

  // A killed engine sends no message, but its sockets close.
  #follow(client: EngineClient): void {
    const channel = client.getChannel();
    const state = channel.getConnectivityState(true);
    if (state === connectivityState.SHUTDOWN) return;
    if (state === connectivityState.TRANSIENT_FAILURE) this.#lose(client);
    else channel.watchConnectivityState(state, Infinity, () => this.#follow(client));
  }

  #lose(client: EngineClient): void {
    if (this.#client !== client) return;
    this.close();
    this.#onLost();
  }

  /** True until the engine ends. */
  get isConnected(): boolean {
    return this.#client !== undefined;
  }

  /** Sends a message; resolves when the engine has it, or has ended, which must not fail the operation. */
  async log(entry: LogEntry): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    const request = new engine.LogRequest();
    request.setUrn(entry.urn);
    request.setMessage(entry.message);
    request.setSeverity(severities[entry.severity ?? "info"]);
    request.setEphemeral(entry.ephemeral ?? false);
    await new Promise<void>((resolve) => client.log(request, () => resolve()));
  }

  close(): void {
    this.#client?.close();
    this.#client = undefined;
  }
}
