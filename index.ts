import { Host } from "./components/host.ts";
import { loadConfig } from "./config/load.ts";
import { connectionOf } from "./model/connection.ts";

const config = loadConfig();

const host = new Host("host", { connection: connectionOf(config.host) });

export const address = config.host.address;
export const facts = host.facts;
