// A Kptfile's pipeline and how it runs in this process: the same functions in the same order as under kpt.
import { identity } from "./functions/identity.ts";
import { resources } from "./functions/resources.ts";
import { validate } from "./functions/validate.ts";
import { fileOf, hasErrors, isRecord, type KrmFunction, type KrmObject, list, type ResourceList, record, text } from "./resource.ts";

/** The executables of exec/ by file name. */
export const FUNCTIONS: Readonly<Record<string, KrmFunction>> = {
  "slice-identity.ts": identity,
  "slice-resources.ts": resources,
  "slice-validate.ts": validate,
};

interface Step {
  exec: string;
  validator: boolean;
  functionConfig?: KrmObject;
}

function stepsOf(kptfile: KrmObject | undefined): Step[] {
  const pipeline = record(kptfile?.pipeline);
  const steps = (key: string, validator: boolean): Step[] =>
    list(pipeline[key]).map((entry) => {
      const { exec, configMap } = record(entry);
      const step = { exec: text(exec), validator };
      if (!isRecord(configMap)) return step;
      return { ...step, functionConfig: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "function-input" }, data: configMap } };
    });
  return [...steps("mutators", false), ...steps("validators", true)];
}

/** Stops at the first function that reports an error, as kpt does. What a validator changes is discarded, as kpt does. */
export function runPipeline(input: KrmObject[]): ResourceList {
  const kptfile = input.find((item) => item.kind === "Kptfile");
  let items = input;
  const steps = stepsOf(kptfile);
  if (steps.length === 0) return { items, results: [{ message: "the package has no pipeline", severity: "error" }] };
  for (const { exec, validator, functionConfig } of steps) {
    const fn = Object.hasOwn(FUNCTIONS, exec) ? FUNCTIONS[exec] : undefined;
    if (fn === undefined) {
      const file = kptfile === undefined ? {} : { file: { path: fileOf(kptfile) } };
      return { items, results: [{ message: `the pipeline names the unknown function "${exec}"`, severity: "error", ...file }] };
    }
    const output = fn({ items, results: [], ...(functionConfig === undefined ? {} : { functionConfig }) });
    if (hasErrors(output.results)) return output;
    if (!validator) items = output.items;
  }
  return { items, results: [] };
}
