import { runInForeground } from "../../cli/foreground.ts";

// Runs a program in the foreground that counts the signals it gets, and prints its own. Run by foreground.test.ts.
const [sameKeystroke = "0"] = process.argv.slice(2);

const counting = `
  let heard = 0;
  const slipway = process.ppid;
  process.on("SIGINT", () => console.log("the program heard " + ++heard));
  // Every signal of a killed slipway has come when all its threads are gone, and the program has another parent.
  setInterval(() => process.ppid !== slipway && heard > 0 && setImmediate(() => process.exit(0)), 5);
  setTimeout(() => process.exit(1), 120_000);
  // A signal that came before the text is told before the end.
  process.stdin.on("data", (text) => setImmediate(() => setImmediate(() => process.exit(Number(text)))));
  console.log("the program runs");
`;

const ended = runInForeground(process.execPath, ["-e", counting], {
  env: process.env,
  cwd: process.cwd(),
  sameKeystroke: Number(sameKeystroke),
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => process.stdout.write(`slipway heard ${signal}\n`));
}
process.exitCode = await ended;
