import { z } from "zod";

/** A number of seconds, as documents hold it. */
export const seconds = z
  .string()
  .regex(/^[1-9][0-9]{0,6}$/)
  .transform(Number);

/** A count or a number of bytes, as documents hold it. */
export const count = z
  .string()
  .regex(/^[1-9][0-9]{0,15}$/)
  .transform(Number);

/** A time that may be less than a second, as documents hold it. */
export const fraction = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,3})(\.[0-9]{1,3})?$/)
  .transform(Number);

/** A port, as documents hold it. */
export const port = z
  .string()
  .regex(/^[1-9][0-9]{0,4}$/)
  .transform(Number);
