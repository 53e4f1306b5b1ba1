// How an agent comes to its credential: a one-time token that a person makes, exchanged once for a secret of the agent's own.
import { and, eq, gt, sql } from "drizzle-orm";
import { agents, tokens } from "../../drizzle/schema.ts";
import type { EnrolRequest } from "../../protocol/agent.ts";
import { newSecret, sha256Hex } from "../auth.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { createUnit } from "./unit.ts";

const ENROLMENT_TTL_MS = 15 * 60_000; // long enough to paste one line into a shell on VM-1

/** A one-time token. It is shown once; D1 has its hash. */
export async function createEnrolment(deps: Deps, name: string): Promise<{ token: string; expiresAt: string }> {
  const token = newSecret("enr");
  const expiresAt = deps.now() + ENROLMENT_TTL_MS;
  const unit = createUnit(deps);
  unit.add(
    deps.db.insert(tokens).values({
      hash: await sha256Hex(token),
      id: deps.newId("tok", deps.now()),
      name,
      scopes: ["enrol"],
      createdAt: deps.now(),
      expiresAt,
    }),
  );
  await unit.commit();
  return { token, expiresAt: new Date(expiresAt).toISOString() };
}

/** Exchanges the one-time token for the agent's own credential. The token is gone whether or not the answer arrives. */
export async function enrolAgent(deps: Deps, input: EnrolRequest): Promise<{ agentId: string; credential: string }> {
  const hash = await sha256Hex(input.token);
  const [spent] = await deps.db
    .delete(tokens)
    .where(and(eq(tokens.hash, hash), gt(tokens.expiresAt, deps.now()), sql`${tokens.scopes} = '["enrol"]'`))
    .returning();
  if (spent === undefined) throw new AppError("UNAUTHENTICATED", "the enrolment token is unknown, used or expired");
  const agentId = deps.newId("agt", deps.now());
  const credential = newSecret("agc");
  const unit = createUnit(deps);
  unit.add(
    deps.db.insert(agents).values({
      id: agentId,
      name: input.name,
      version: "",
      protocol: 0,
      labels: {},
      capabilities: [],
      slots: 0,
      sites: [],
      online: false,
      createdAt: deps.now(),
    }),
  );
  unit.add(
    deps.db.insert(tokens).values({
      hash: await sha256Hex(credential),
      id: deps.newId("tok", deps.now()),
      name: `agent ${input.name}`,
      scopes: ["agent"],
      agentId,
      createdAt: deps.now(),
    }),
  );
  await unit.commit();
  return { agentId, credential };
}
