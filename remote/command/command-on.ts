import type { Connection } from "../../model/connection.ts";
import { noProgram, sshCommand, sshReason, type ProcessEnd } from "../ssh.ts";
import { requireThisMachine } from "../this-machine.ts";

/**
 * The words of the process that runs a command line on a server. On this machine it has a session of its own: a
 * terminal's Ctrl-C and a job that is cancelled end neither it nor what it has begun.
 */
export function commandOn(connection: Connection, command: string): string[] {
  if (connection.via === "ssh") return sshCommand(connection, command);
  requireThisMachine(connection);
  return ["setsid", "--wait", "sh", "-c", command];
}

/** Finds the reason why such a process ended before slipway answered. */
export function endReason(end: ProcessEnd, connection: Connection): Error {
  if (connection.via === "ssh") return sshReason(end, connection);
  const { code, signal, said } = end;
  return noProgram(said.slice(-5).join("\n") || `a signal ended it (${String(signal)})`, code ?? 0, connection.user);
}
