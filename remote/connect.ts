import { setTimeout as pause } from "node:timers/promises";
import { HostClient, type HostClientOptions } from "./host-client.ts";
import { hostProgram, type HostProgram } from "./program.ts";
import { Runtimes } from "./runtime.ts";
import { NoAnswer } from "./server-fault.ts";
import { silentWaits, WaitedServer } from "./waits.ts";

/** The options of a run's connection to a server. */
export interface ConnectOptions extends Omit<HostClientOptions, "program" | "runtimes"> {
  /**
   * Milliseconds before the second and the third attempt, each made longer or shorter by chance, so that many jobs do
   * not come back at the same time.
   * @default 1000 and 3000
   */
  readonly pauses?: readonly number[];
  /** @default the host program of this slipway */
  readonly program?: HostProgram;
}

/** Milliseconds after which a server that does not answer is given up. */
const giveUpMilliseconds = 20_000;

let own: Promise<HostProgram> | undefined;

/**
 * Connects a run to a server, which runs the host program of this version. Only this first connection is tried several
 * times; a server that answers is not asked again, whatever it says (F4, F22).
 */
export async function connect({ pauses, ...options }: ConnectOptions): Promise<HostClient> {
  const { environment, say, program = await (own ??= hostProgram()) } = options;
  const parts = { program, runtimes: new Runtimes({ environment, say }) };
  using _wait = connecting(options);
  return await firstAnswer(() => new HostClient({ ...options, ...parts }), pauses, options.keepsNode);
}

/** The wait for a server's first answer, with all attempts. */
export function connecting({
  waits = silentWaits,
  connection,
}: Pick<ConnectOptions, "waits" | "connection">): Disposable {
  return new WaitedServer(waits, connection).waiting("connects to");
}

/** A client of a server that has not answered yet. */
interface Client {
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** Makes clients until the server answers one of them. */
export async function firstAnswer<One extends Client>(
  make: () => One,
  pauses: readonly number[] = [1_000, 3_000],
  keepsNode = () => true,
): Promise<One> {
  const giveUp = performance.now() + giveUpMilliseconds;
  for (const milliseconds of [...pauses, undefined]) {
    const client = make();
    try {
      await client.ready();
      return client;
    } catch (error) {
      await client.close();
      if (!(error instanceof NoAnswer) || milliseconds === undefined || performance.now() > giveUp) throw error;
      await pause(milliseconds * (0.5 + Math.random()), undefined, { ref: keepsNode() });
    }
  }
  throw new Error("the last attempt neither connected nor failed");
}
