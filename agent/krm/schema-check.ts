// Checks single resources against our own schemas. Compiles a schema on its first use and keeps it.
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { errorAt, type FnResult, type KrmObject } from "./resource.ts";
import { SCHEMAS } from "./schemas.ts";

const ajv = new Ajv({ allErrors: true, strict: true, discriminator: true });
const compiled = new Map<string, ValidateFunction>();

function validatorOf(key: string): ValidateFunction | undefined {
  const schema = Object.hasOwn(SCHEMAS, key) ? SCHEMAS[key] : undefined;
  if (schema === undefined) return undefined;
  const known = compiled.get(key) ?? ajv.compile(schema);
  compiled.set(key, known);
  return known;
}

/** Where it is and what is wrong; ajv puts the name of a missing or unknown field beside the path, not into it. */
function explained({ instancePath, keyword, message, params }: ErrorObject): { field: string; what: string } {
  const named: unknown = params.missingProperty ?? params.additionalProperty;
  const path = `${instancePath}${typeof named === "string" ? `/${named}` : ""}`;
  const field = path.split("/").slice(1).join(".").replaceAll("~1", "/").replaceAll("~0", "~");
  if (keyword === "required") return { field, what: "is missing" };
  if (keyword === "additionalProperties") return { field, what: "is not a field of it" };
  return { field, what: message ?? "is invalid" };
}

/** One result per violation, each naming the field; a kind without a schema is a violation itself. */
export function checkSchema(item: KrmObject): FnResult[] {
  const validate = validatorOf(`${item.apiVersion}/${item.kind}`);
  if (validate === undefined) return [errorAt(item, `a package may not hold ${item.apiVersion} ${item.kind}`)];
  if (validate(item)) return [];
  return (validate.errors ?? []).map((error) => {
    const { field, what } = explained(error);
    return errorAt(item, `${field === "" ? "resource" : field} ${what}`, field);
  });
}
