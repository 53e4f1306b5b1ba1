// The command line of the evaluation, parsed. Reads nothing but its arguments.
import { parseArgs } from "node:util";
import * as z from "zod";
import { ProviderId } from "../../protocol/llm.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { BadInput } from "./corpus.ts";

export const USAGE = `npm run eval -- [FILE…] [--provider ID | --compare ID,ID] [--corrections] [--url URL] [--floor SHARE] [--json]
  FILE            labelled sentences, or corrections with --corrections; without one: tests/corpus/*.json, or the control centre
  --provider ID   who is evaluated; rules unless said otherwise
  --compare A,B   both on the same sentences, side by side
  --corrections   what people corrected, per field, and what of it is understood now; asks the control centre at --url or WORKER_URL
                  with the token of EVAL_TOKEN or ADMIN_TOKEN
  --floor SHARE   exit with 1 when fewer whole sentences are right, e.g. 0.97
  --json          the report as one JSON value`;

const Options = z
  .strictObject({
    provider: ProviderId.default("rules"),
    compare: z
      .string()
      .transform((value) => value.split(",").map((id) => id.trim()))
      .pipe(z.tuple([ProviderId, ProviderId], "must be two providers, as in rules,claude"))
      .refine(([one, other]) => one !== other, "must be two different providers")
      .optional(),
    corrections: z.boolean().default(false),
    url: z.url().optional(),
    floor: z
      .string()
      .transform(Number)
      .pipe(z.number("must be a number from 0 to 1").min(0, "must be from 0 to 1").max(1, "must be from 0 to 1"))
      .optional(),
    json: z.boolean().default(false),
    help: z.boolean().default(false),
  })
  .refine(({ compare, corrections }) => compare === undefined || !corrections, "--compare and --corrections exclude each other")
  .refine(
    ({ floor, compare, corrections }) => floor === undefined || (compare === undefined && !corrections),
    "--floor is for the evaluation of one provider",
  );
export type Options = z.infer<typeof Options> & { files: string[] };

export function parseOptions(args: readonly string[]): Result<Options, BadInput> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        provider: { type: "string" },
        compare: { type: "string" },
        corrections: { type: "boolean" },
        url: { type: "string" },
        floor: { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    const parsed = Options.safeParse(values);
    if (parsed.success) return ok({ ...parsed.data, files: positionals });
    return err(parsed.error.issues.map(({ path, message }) => (path.length > 0 ? `--${path.join(".")}: ${message}` : message)));
  } catch (error) {
    return err([error instanceof Error ? error.message : String(error)]);
  }
}
