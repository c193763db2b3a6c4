import { connectivityState, credentials } from "@grpc/grpc-js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";

type Severity = "debug" | "info" | "warning" | "error";

/** One message for the user, shown beside the resource it belongs to. */
export interface LogEntry {
  readonly urn: string;
  readonly message: string;
  readonly severity?: Severity;
  /** Shown in the status column while the operation runs, but not kept. */
  readonly ephemeral?: boolean;
}

const severities = {
  debug: engine.LogSeverity.DEBUG,
  info: engine.LogSeverity.INFO,
  warning: engine.LogSeverity.WARNING,
  error: engine.LogSeverity.ERROR,
};

/** The way back to the engine that started this plugin. */
export class Engine {
  readonly #lost: () => void;
  #client: EngineClient | undefined;

  /** Calls `lost` when the engine is gone: no plugin outlives it. */
  constructor(lost: () => void) {
    this.#lost = lost;
  }

  /** Until this is called (a plugin started by hand) messages go nowhere. */
  connect(address: string): void {
    this.close();
    this.#client = new EngineClient(address, credentials.createInsecure());
    this.#follow(this.#client);
  }

  // An engine that is killed tells nobody, but its sockets close.
  #follow(client: EngineClient): void {
    const channel = client.getChannel();
    const state = channel.getConnectivityState(true);
    if (state === connectivityState.SHUTDOWN) return;
    if (state === connectivityState.TRANSIENT_FAILURE) this.#lost();
    else channel.watchConnectivityState(state, Infinity, () => this.#follow(client));
  }

  /** Resolves when the engine has the message; an engine that is gone loses it, which is no fault of the operation. */
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

  /** Ends the connection. */
  close(): void {
    this.#client?.close();
  }
}
