import { status, type ServerErrorResponse } from "@grpc/grpc-js";

/** Turns what was thrown into the gRPC status with which the official plugins answer: no code, only the text. */
export function toStatus(thrown: unknown): Partial<ServerErrorResponse> {
  return { code: status.UNKNOWN, details: thrown instanceof Error ? thrown.message : String(thrown) };
}
