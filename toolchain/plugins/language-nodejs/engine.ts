import grpc from "@grpc/grpc-js";

/** The engine that started this host: nothing of ours outlives it. */
export class Engine {
  address = "";
  readonly #lost: () => void;
  #client: grpc.Client | undefined;

  constructor(lost: () => void) {
    this.#lost = lost;
  }

  /** Calls `lost` as soon as nobody answers at the address; a killed engine is noticed at once, its sockets close. */
  watch(address: string): void {
    if (!/:\d+$/.test(address) || address === this.address) return;
    this.address = address;
    this.#client?.close();
    this.#client = new grpc.Client(address, grpc.credentials.createInsecure());
    this.#follow(this.#client.getChannel());
  }

  #follow(channel: ReturnType<grpc.Client["getChannel"]>): void {
    const state = channel.getConnectivityState(true);
    if (state === grpc.connectivityState.SHUTDOWN) return; // another address took its place
    if (state === grpc.connectivityState.TRANSIENT_FAILURE) {
      this.#lost();
      return;
    }
    channel.watchConnectivityState(state, Infinity, () => {
      this.#follow(channel);
    });
  }
}
