import type { Client, ClientChannel } from "ssh2";

/** A session on a connection; each request answers whether the server granted it. */
export interface Session {
  readonly channel: ClientChannel;
  setVariable(name: string, value: string): Promise<boolean>;
  /** Calls `granted` before anything that the command does is heard of. */
  start(command: string, granted: () => void): Promise<boolean>;
}

/** What we use of the library's insides. */
interface ClientInsides {
  readonly _chanMgr: { add(opened: (error: Error | undefined, channel: ClientChannel) => void): number };
  readonly _protocol: {
    session(localId: number, window: number, packetSize: number): void;
    env(remoteId: number, name: string, value: string, wantReply: boolean): void;
    exec(remoteId: number, command: string, wantReply: boolean): void;
  };
}

interface ChannelInsides {
  readonly outgoing: { readonly id: number };
  readonly _callbacks: ((failed: boolean | Error) => void)[];
}

const window = 2 * 1024 * 1024;
const packetSize = 32 * 1024;
const reasons = ["", "administratively prohibited", "connect failed", "unknown channel type", "resource shortage"];

/**
 * Opens a session. The library opens one only together with a command, and never asks whether the server took the command's
 * variables, as the official plugin does. So this file, and no other, knows the library's insides.
 */
export async function openSession(client: Client): Promise<Session> {
  const channel = await openChannel(client);
  const { _protocol: protocol } = insides(client, isClientInsides);
  const { _callbacks: callbacks, outgoing } = insides(channel, isChannelInsides);
  const ask = (send: () => void, granted?: () => void): Promise<boolean> =>
    new Promise((resolve) => {
      callbacks.push((failed) => {
        if (failed === false) granted?.();
        resolve(failed === false);
      });
      send();
    });
  return {
    channel,
    setVariable: (name, value) => ask(() => protocol.env(outgoing.id, name, value, true)),
    start: (command, granted) => ask(() => protocol.exec(outgoing.id, command, true), granted),
  };
}

function openChannel(client: Client): Promise<ClientChannel> {
  const { _chanMgr: channels, _protocol: protocol } = insides(client, isClientInsides);
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

function insides<Insides>(library: object, isAsExpected: (library: object) => library is Insides & object): Insides {
  if (isAsExpected(library)) return library;
  throw new Error("ssh2: its insides are not those of the pinned version; this is an error in the plugin");
}

function isClientInsides(library: object): library is ClientInsides {
  return "_chanMgr" in library && "_protocol" in library;
}

function isChannelInsides(library: object): library is ChannelInsides {
  return "_callbacks" in library && Array.isArray(library._callbacks) && "outgoing" in library;
}
