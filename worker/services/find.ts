// One row by its id, or NOT_FOUND.
import { eq } from "drizzle-orm";
import { deployments, intents } from "../../drizzle/schema.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";

export async function findIntent(deps: Deps, id: string): Promise<typeof intents.$inferSelect> {
  const row = await deps.db.select().from(intents).where(eq(intents.id, id)).get();
  if (row === undefined) throw new AppError("NOT_FOUND", "no such intent");
  return row;
}

export async function findDeployment(deps: Deps, id: string): Promise<typeof deployments.$inferSelect> {
  const row = await deps.db.select().from(deployments).where(eq(deployments.id, id)).get();
  if (row === undefined) throw new AppError("NOT_FOUND", "no such deployment");
  return row;
}
