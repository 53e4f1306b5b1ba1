// How YAML is written and read here, for functions, runners and checks alike.
import { parseDocument, stringify } from "yaml";
import { isKrmObject, type KrmObject } from "./resource.ts";

/**
 * No folding, no anchors, and quotes wherever YAML 1.1 would read a string as something else:
 * cluster tools still do, and an SD such as 0b0101 or 1e1000 must stay text.
 */
export function toYaml(value: unknown): string {
  return stringify(value, { compat: "yaml-1.1", lineWidth: 0, aliasDuplicateObjects: false });
}

/** One resource of one document, or why the text is none. The message has line and column, and no path. */
export function parseResource(source: string): KrmObject | string {
  const document = parseDocument(source, { prettyErrors: true });
  const [problem] = document.errors;
  if (problem !== undefined) return problem.message.split("\n")[0]?.replace(/:$/, "") ?? "is not YAML";
  const value: unknown = document.toJS();
  return isKrmObject(value) ? value : "is not a KRM resource (apiVersion, kind and metadata.name are needed)";
}
