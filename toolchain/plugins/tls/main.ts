import { serve } from "../base/serve.ts";
import { tlsProvider } from "./provider.ts";

await serve(tlsProvider);
