// The official TMF921 v5 document as an ajv validator, where it is present beside the project. Plain ajv cannot read it:
// `@type` chooses the schema through a discriminator mapping, which becomes if/then here, and the oneOf lists overlap.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import * as z from "zod";

const FILE = path.resolve(import.meta.dirname, "../../../shared/specs/tmf921/TMF921_Intent_Management_v5.0.0.oas.json");
const REF = "#/components/schemas/";

const Schema = z.record(z.string(), z.unknown());
const Oas = z.object({ components: z.object({ schemas: z.record(z.string(), Schema) }) });
const Mapped = z.object({ discriminator: z.object({ mapping: z.record(z.string(), z.string()) }) });

export const TMF921_PRESENT = existsSync(FILE);

type Schemas = Record<string, z.infer<typeof Schema>>;

function byType(ref: string, schemas: Schemas): unknown {
  const mapped = Mapped.safeParse(schemas[ref.slice(REF.length)]);
  if (!mapped.success) return { $ref: ref };
  const branches = Object.entries(mapped.data.discriminator.mapping)
    .filter(([, target]) => target !== ref)
    // biome-ignore lint/suspicious/noThenProperty: "then" is a keyword of JSON Schema; nothing awaits this object.
    .map(([tag, target]) => ({ if: { properties: { "@type": { const: tag } } }, then: { $ref: target } }));
  return { allOf: [{ $ref: ref }, ...branches] };
}

/** `inProperty`: only there a reference stands for "this or a subtype"; in an allOf it is inheritance. */
function rewrite(node: unknown, schemas: Schemas, inProperty: boolean): unknown {
  if (Array.isArray(node)) return node.map((item) => rewrite(item, schemas, false));
  const record = Schema.safeParse(node);
  if (!record.success) return node;
  const { $ref } = record.data;
  if (inProperty && typeof $ref === "string") return byType($ref, schemas);
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(record.data)) {
    if (key === "discriminator" || key === "oneOf") continue;
    if (key === "properties") {
      const properties = Object.entries(Schema.parse(value)).map(([name, schema]) => [name, rewrite(schema, schemas, true)]);
      out[key] = Object.fromEntries(properties);
    } else out[key] = rewrite(value, schemas, key === "items");
  }
  return out;
}

export function tmf921Validator(name: string): ValidateFunction {
  const { schemas } = Oas.parse(JSON.parse(readFileSync(FILE, "utf8"))).components;
  const rewritten = Object.entries(schemas).map(([key, schema]) => {
    return [key, key.startsWith("JsonLdExpressionValue") ? { type: "object" } : rewrite(schema, schemas, false)];
  });
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: "https://tmf921.test/oas", components: { schemas: Object.fromEntries(rewritten) } });
  return ajv.compile({ $ref: `https://tmf921.test/oas${REF}${name}` });
}
