// The validator: every resource against its schema, then the package as a whole. Changes nothing.
import { checkPolicy } from "../policy.ts";
import type { ResourceList } from "../resource.ts";
import { checkSchema } from "../schema-check.ts";

export function validate(input: ResourceList): ResourceList {
  return { ...input, results: [...input.items.flatMap(checkSchema), ...checkPolicy(input.items)] };
}
