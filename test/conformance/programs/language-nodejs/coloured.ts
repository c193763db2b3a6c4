import * as pulumi from "@pulumi/pulumi";
import { engineText } from "../../../../model/report/engine-text.ts";

/** A message in colour, as the plan of a stack is, and a foreign text in it that looks like a mark of the engine. */
void pulumi.log.info(
  engineText([
    [
      { tone: "added", text: "api" },
      { tone: "plain", text: " <{%none%}>" },
    ],
  ]),
);
