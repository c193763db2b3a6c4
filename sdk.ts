/** Tunes Pulumi's SDK and zod for this program, by the effects of its import alone. */
import "./model/interpreted-schemas.ts";
import * as pulumi from "@pulumi/pulumi";

// Pulumi's runner maps each position of a stack trace through source maps, and the SDK asks for a trace with every
// resource. This program has no source maps, since Node strips types in place: Node's own positions are right.
Reflect.deleteProperty(Error, "prepareStackTrace");

// The SDK sends the engine a dozen debug lines for each resource, one after the other. They hold every property in
// clear, secret ones as well, and end in event logs.
Object.assign(pulumi.log, { debug: () => Promise.resolve() });
