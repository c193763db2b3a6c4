import * as command from "@pulumi/command";
import * as docker from "@pulumi/docker";
import * as tls from "@pulumi/tls";
import { z } from "zod";
import { connectionOf, dockerEndpoint } from "../../../model/connection.ts";
import { given } from "../../pulumi/given.ts";

const { note, ...address } = given(
  z.object({ address: z.string(), port: z.number(), user: z.string(), hostKey: z.string(), note: z.string() }),
);
const connection = connectionOf(address);
const constant = { connection, addPreviousOutputInEnv: false };

new command.remote.Command("note", {
  ...constant,
  create: "cat >/data/note.new && mv /data/note.new /data/note",
  delete: "rm -f /data/note",
  stdin: note,
});

const engine = new docker.Provider("engine", dockerEndpoint(connection));
const volume = new docker.Volume("pgdata", { name: "pgdata" }, { provider: engine, retainOnDelete: true });

const key = new tls.PrivateKey("key", { algorithm: "ECDSA", ecdsaCurve: "P256" });
const certificate = new tls.SelfSignedCert("certificate", {
  privateKeyPem: key.privateKeyPem,
  subject: { commonName: "postgres" },
  dnsNames: ["postgres"],
  allowedUses: ["server_auth"],
  validityPeriodHours: 24,
});
new command.remote.Command(
  "private-key",
  { ...constant, create: "umask 077 && cat >/data/postgres.key", stdin: key.privateKeyPem, logging: "none" },
  { additionalSecretOutputs: ["stdout", "stderr"] },
);
new command.remote.Command("certificate-file", {
  ...constant,
  create: "cat >/data/postgres.crt",
  stdin: certificate.certPem,
});

export const volumeName = volume.name;
