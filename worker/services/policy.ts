// The operations policy as an administrator set it last; defaults where nothing was set.
import { eq } from "drizzle-orm";
import { settings } from "../../drizzle/schema.ts";
import { OperationsPolicy } from "../../protocol/policy.ts";
import type { Deps } from "../deps.ts";

const NAME = "policy";

export async function readPolicy(deps: Deps): Promise<OperationsPolicy> {
  const row = await deps.db.select({ value: settings.value }).from(settings).where(eq(settings.name, NAME)).get();
  return OperationsPolicy.parse(row?.value ?? {});
}
