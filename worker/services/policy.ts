// The operations policy as an administrator set it last; defaults where nothing was set.
import { eq } from "drizzle-orm";
import { settings } from "../../drizzle/schema.ts";
import { OperationsPolicy } from "../../protocol/policy.ts";
import type { Deps } from "../deps.ts";
import { createUnit } from "./unit.ts";

const NAME = "policy";

export async function readPolicy(deps: Deps): Promise<OperationsPolicy> {
  const row = await deps.db.select({ value: settings.value }).from(settings).where(eq(settings.name, NAME)).get();
  return OperationsPolicy.parse(row?.value ?? {});
}

/** Replaces the whole policy: what is not given is the default again. In force from the next decision on. */
export async function writePolicy(deps: Deps, { policy, by }: { policy: OperationsPolicy; by: string }): Promise<OperationsPolicy> {
  const row = { value: policy, updatedBy: by, updatedAt: deps.now() };
  const unit = createUnit(deps);
  unit.add(
    deps.db
      .insert(settings)
      .values({ name: NAME, ...row })
      .onConflictDoUpdate({ target: settings.name, set: row }),
  );
  await unit.commit();
  return policy;
}
