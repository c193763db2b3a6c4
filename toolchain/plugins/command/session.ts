import type { Client, ClientChannel } from "ssh2";

/** An SSH session. Each request resolves with true if the server granted it. */
export interface Session {
  readonly channel: ClientChannel;
  setVariable(name: string, value: string): Promise<boolean>;
  /** Starts the command. `onGranted` is called before any output of the command arrives. */
  start(command: string, onGranted: () => void): Promise<boolean>;
}

/** The internals of the library's client that we use. */
interface ClientInternals {
  readonly _chanMgr: { add(opened: (error: Error | undefined, channel: ClientChannel) => void): number };
  readonly _protocol: {
    session(localId: number, window: number, packetSize: number): void;
    env(remoteId: number, name: string, value: string, wantReply: boolean): void;
    exec(remoteId: number, command: string, wantReply: boolean): void;
  };
}

interface ChannelInternals {
  readonly outgoing: { readonly id: number };
  readonly _callbacks: ((failed: boolean | Error) => void)[];
}

// The library's own values for a session.
const window = 2 * 1024 * 1024;
const packetSize = 32 * 1024;
// The reason codes of RFC 4254 for a channel that was not opened.
const reasons = ["", "administratively prohibited", "connect failed", "unknown channel type", "resource shortage"];

/**
 * Opens a session. The library's own method also starts a command and, unlike the official plugin, does not report
 * whether the server accepted the environment variables. So this file, and no other, uses the library's internals.
 */
export async function openSession(client: Client): Promise<Session> {
  const channel = await openChannel(client);
  const { _protocol: protocol } = internals(client, isClientInternals);
  const { _callbacks: callbacks, outgoing } = internals(channel, isChannelInternals);
  const ask = (send: () => void, onGranted?: () => void): Promise<boolean> =>
    new Promise((resolve) => {
      callbacks.push((failed) => {
        if (failed === false) onGranted?.();
        resolve(failed === false);
      });
      send();
    });
  return {
    channel,
    setVariable: (name, value) => ask(() => protocol.env(outgoing.id, name, value, true)),
    start: (command, onGranted) => ask(() => protocol.exec(outgoing.id, command, true), onGranted),
  };
}

function openChannel(client: Client): Promise<ClientChannel> {
  const { _chanMgr: channels, _protocol: protocol } = internals(client, isClientInternals);
  return new Promise((resolve, reject) => {
    const id = channels.add((error, channel) => {
      if (error === undefined) resolve(channel);
      else reject(new Error(refusal(error)));
    });
    protocol.session(id, window, packetSize);
  });
}

function refusal(error: Error): string {
  if (!("reason" in error) || typeof error.reason !== "number") return "EOF";
  const message = error.message.replace(/^\(SSH\) Channel open failure: /, "");
  return `ssh: rejected: ${reasons[error.reason] ?? error.reason} (${message})`;
}

/** Checks that the internals have the expected shape, in case the library is updated. */
function internals<Internals>(
  library: object,
  isAsExpected: (library: object) => library is Internals & object,
): Internals {
  if (isAsExpected(library)) return library;
  throw new Error("ssh2: its internals are not those of the pinned version; this is an error in the plugin");
}

function isClientInternals(library: object): library is ClientInternals {
  return "_chanMgr" in library && "_protocol" in library;
}

function isChannelInternals(library: object): library is ChannelInternals {
  return "_callbacks" in library && Array.isArray(library._callbacks) && "outgoing" in library;
}
