// What is in the middle of a change, as SQL: of such a slice at such a site nothing is to be measured, alerted or repaired.
import { type SQL, sql } from "drizzle-orm";

/** Alias of a table with the columns `slice` and `site`. */
type Alias = "slice_sites" | "h" | "a";

/** Its own deployment is put out or taken back, or one that displaces it there, or a removal has stopped half-way. */
export function isChanging(alias: Alias): SQL<number> {
  return sql<number>`(${sql.raw(atWork(alias))} or ${sql.raw(removedHalfway(alias))})`;
}

/** Of the slice itself at all its sites; of a slice that makes room at the site where it does. */
function atWork(alias: Alias): string {
  return `exists (select 1 from deployments d where d.status in ('applying', 'reverting') and (d.slice = ${alias}.slice
    or exists (select 1 from json_each(d.plan, '$.preempts') p
      where json_extract(p.value, '$.slice') = ${alias}.slice and json_extract(p.value, '$.site') = ${alias}.site)))`;
}

/** Its files are gone from the tree by a commit that is younger than what is in force, and it is still held. */
export function removedHalfway(alias: Alias): string {
  return `exists (select 1 from slice_sites i join deployments t on t.slice = i.slice and t.id > i.deployment_id
    join json_each(t.commits) w join json_each(w.value, '$.sites') s
    where i.slice = ${alias}.slice and i.site = ${alias}.site and t.action = 'terminate' and t.status = 'failed' and s.value = i.site)`;
}
