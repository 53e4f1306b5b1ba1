// One command about an existing intent: an idempotent, guarded move of its row, with the reason when it is too late.
import type { IntentAccepted } from "../../protocol/api.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { findIntent } from "./find.ts";
import { type Answer, type IdempotencyKey, once } from "./idempotency.ts";
import { draftIntent, type IntentDraft, type IntentRow } from "./intent-draft.ts";
import { createUnit, Duplicate, GuardFailed, type Unit } from "./unit.ts";

export interface Command<T> {
  intentId: string;
  by: string;
  idempotency: IdempotencyKey | null;
  input: T;
}

const CHANGED = "the state has changed meanwhile, or another deployment took the capacity, the name or the S-NSSAI; read the intent again";

/** Runs one command on a fresh draft; when the state moved under it, once more, so that the caller gets the reason and not a race. */
export async function command(
  deps: Deps,
  about: Pick<Command<null>, "intentId" | "idempotency">,
  act: (unit: Unit, draft: IntentDraft) => void,
): Promise<IntentAccepted> {
  return answeredCommand(deps, about, (unit, draft) => {
    act(unit, draft);
    return { status: 202, body: accepted(draft.row) };
  });
}

/** The same for a command that answers more than where the intent stands. */
export async function answeredCommand<T>(
  deps: Deps,
  { intentId, idempotency }: Pick<Command<null>, "intentId" | "idempotency">,
  act: (unit: Unit, draft: IntentDraft) => Answer<T>,
): Promise<T> {
  const answer = await once<T>(deps, idempotency, async (remember) => {
    for (let attempt = 1; ; attempt += 1) {
      const unit = createUnit(deps);
      const draft = draftIntent(unit, deps, await findIntent(deps, intentId));
      const answered = act(unit, draft);
      draft.write();
      remember(unit, answered);
      try {
        await unit.commit();
        return answered;
      } catch (error) {
        if (!(error instanceof GuardFailed || error instanceof Duplicate)) throw error;
        if (attempt === 2) throw new AppError("CONFLICT", CHANGED, { cause: error });
      }
    }
  });
  return answer.body;
}

export function accepted(row: Readonly<IntentRow>): IntentAccepted {
  return { intentId: row.id, status: row.status };
}
