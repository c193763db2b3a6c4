/** The reason why an operation was cancelled, Ctrl-C or its `customTimeouts`, in Go's words. */
export function cancellation({ reason }: AbortSignal): string {
  const late = reason instanceof Error && reason.name === "TimeoutError";
  return late ? "context deadline exceeded" : "context canceled";
}
