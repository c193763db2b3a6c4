/** Why an operation may not go on: Ctrl-C, or the end of its `customTimeouts`, in Go's words. */
export function cancellation({ reason }: AbortSignal): string {
  const late = reason instanceof Error && reason.name === "TimeoutError";
  return late ? "context deadline exceeded" : "context canceled";
}
