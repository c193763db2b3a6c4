import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { given } from "../../../pulumi/given.ts";

const { value } = given(z.strictObject({ value: z.string() }));
const self = new pulumi.StackReference("self", {
  name: `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`,
});

/** The outputs of the last update. */
export const previous = self.getOutput("value");
export const previousSecret = self.getOutput("secret");
const details = await self.getOutputDetails("secret");
export const known = { value: details.value !== undefined, secretValue: details.secretValue !== undefined };
export { value };
export const secret = pulumi.secret(`secret ${value}`);
