import { withLock } from "../../toolchain/cache/lock.ts";

// Holds the lock that is named on the command line until this process is killed.
await withLock(
  process.argv[2] ?? "",
  () => undefined,
  () => {
    process.stdout.write("held\n");
    return new Promise(() => setInterval(() => undefined, 1000));
  },
);
