/** Tunes Pulumi's SDK and zod for this program, by the effects of its import alone. */
import "./model/interpreted-schemas.ts";
import * as pulumi from "@pulumi/pulumi";
import { traceToSources } from "./toolchain/early/trace.ts";

// Pulumi's runner maps each position of a stack trace through source maps, and the SDK asks for a trace with every
// resource. Our sources have no source maps, since Node strips types in place: Node's own positions are right.
Reflect.deleteProperty(Error, "prepareStackTrace");
if (!import.meta.filename.endsWith(".ts")) traceToSources();

// The SDK sends the engine a dozen debug lines for each resource, one after the other. They hold every property in
// clear, secret ones as well, and end in event logs.
Object.assign(pulumi.log, { debug: () => Promise.resolve() });
