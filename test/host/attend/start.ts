import { main } from "../../../host/main.ts";

// The program of a server, with its folders below a folder of the test. A verb can be stopped or killed at a step.
const { TEST_FOLDER = "", TEST_SOCKET, TEST_SILENCE, TEST_STOPS_AT, TEST_DIES_AT } = process.env;

function journaled(step: string): void {
  if (step === TEST_DIES_AT) process.kill(process.pid, "SIGKILL");
  if (step === TEST_STOPS_AT) process.kill(process.pid, "SIGSTOP");
}

process.exit(
  await main(process.argv.slice(2), {
    places: { state: `${TEST_FOLDER}/state`, run: `${TEST_FOLDER}/run` },
    journaled,
    ...(TEST_SOCKET === undefined ? {} : { socket: TEST_SOCKET }),
    ...(TEST_SILENCE === undefined ? {} : { silence: Number(TEST_SILENCE) }),
  }),
);
