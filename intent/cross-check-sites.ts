// The sites by the rules against the sites by a model. A site that only the model takes for a target is never one.
import { nameSpan, siteSpan } from "./grounding.ts";
import type { SiteChoice } from "./language/site-choice.ts";
import { lookUp, type SiteIndex, siteKey } from "./sites.ts";
import type { UnderstandInput } from "./understand.ts";

export interface SitesChecked {
  sites: SiteChoice;
  warnings: string[];
  question: string | null;
}

export interface SitesSaid {
  names: readonly string[];
  unclear: boolean; // the model would ask
  effect: boolean; // the action changes something
}

interface Named {
  ids: string[]; // registered, and named in the text
  unknown: string[]; // named in the text, and not registered
  invented: string[]; // not in the text at all
}

function named({ text, sites }: UnderstandInput, names: readonly string[], known: { rules: SiteChoice; index: SiteIndex }): Named {
  const found: Named = { ids: [], unknown: [], invented: [] };
  for (const name of names) {
    const id = lookUp(siteKey(name), known.index);
    const site = sites.find((one) => one.id === id);
    const span = site === undefined ? nameSpan(text, name) : siteSpan(text, site);
    if (site === undefined) (span === undefined ? found.invented : found.unknown).push(name);
    else if (known.rules.ids.includes(site.id)) found.ids.push(site.id);
    else if (span === undefined) found.invented.push(site.id);
    else found.ids.push(site.id);
  }
  return { ...found, ids: [...new Set(found.ids)] };
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}

const list = (names: readonly string[]) => names.join(", ");

export function checkSites(input: UnderstandInput, said: SitesSaid, known: { rules: SiteChoice; index: SiteIndex }): SitesChecked {
  const { rules } = known;
  if (input.targetSites.length > 0 || input.answers?.targetSites !== undefined) return { sites: rules, warnings: [], question: null };
  const { ids, unknown, invented } = named(input, said.names, known);
  const warnings = invented.length > 0 ? [`The model names ${list(invented)}; the text does not, so it is left out.`] : [];
  const more = unknown.filter((name) => !rules.unknown.some((other) => siteKey(other) === siteKey(name)));
  const sites = { ...rules, unknown: [...rules.unknown, ...more] };
  if (sameSet(ids, rules.ids)) {
    const asks = rules.ids.length === 0 && rules.unknown.length === 0 && invented.length > 0 && said.effect;
    return {
      sites,
      warnings,
      question: asks ? `The text names no site. Which sites are meant? The model thinks of ${list(invented)}.` : null,
    };
  }
  if (ids.length === 0) {
    const question =
      said.unclear && said.effect ? `The rules read ${list(rules.ids)}, to the model the sites are not clear. Which are meant?` : null;
    return { sites, warnings: [...warnings, `The model reads no site; the text names ${list(rules.ids)}, which is taken.`], question };
  }
  if (rules.ids.length === 0) {
    // The text names them, and the rules did not take them for targets: excluded, or only talked about.
    const question = said.effect ? `Only the model reads ${list(ids)} as the target. Which sites are meant?` : null;
    return { sites, warnings: [...warnings, `Only the model reads ${list(ids)} as the target; it is left out.`], question };
  }
  const question = `The rules read ${list(rules.ids)}, the model ${list(ids)}. Which sites are meant?`;
  if (said.effect) return { sites, warnings, question };
  return {
    sites,
    warnings: [...warnings, `The rules read ${list(rules.ids)}, the model ${list(ids)}; the rules' sites are taken.`],
    question: null,
  };
}
