// Checks a correction as the server will: what differs from the reading, by the protocol's own schema; each fault at the field that has it.
import type { FieldErrors, Resolver } from "react-hook-form";
import { CorrectedFields } from "../../../protocol/correction.ts";
import type { ParsedIntent } from "../../../protocol/intent.ts";
import { correctedFields, type ReadingDraft } from "../../state/correction.ts";

export function correctionResolver(understood: ParsedIntent): Resolver<ReadingDraft> {
  return (draft) => {
    const fields = correctedFields(understood, draft);
    const checked = CorrectedFields.safeParse(fields ?? {});
    if (fields === null || checked.success) return { values: draft, errors: {} };
    const errors: FieldErrors<ReadingDraft> = {};
    for (const { path, message } of checked.error.issues) {
      const [field, part] = path;
      if (field === "requirements" && typeof part === "string")
        errors.requirements = { ...errors.requirements, [part]: { type: "schema", message } };
      else if (typeof field === "string") Object.assign(errors, { [field]: { type: "schema", message } });
    }
    return { values: {}, errors };
  };
}
