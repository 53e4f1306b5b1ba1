// SQL for an installation that has been in use for long: rows as the services leave them, without what only the repository knows. A
// seeded deployment has no commit, so that no agent looks for it in the tree.
export interface Size {
  intents: number;
  slices: number; // in force; at most as many as intents
  sites: number; // called edge1, edge2, …
}

export const MUCH: Size = { intents: 10_000, slices: 1_000, sites: 50 };

const EVENTS_PER_INTENT = 10;
const DIFF_BYTES = 2_000; // what a small package changes

export function seedStatements({ intents, slices, sites }: Size): string[] {
  const upTo = (count: number) => `with recursive n(i) as (select 0 union all select i + 1 from n where i < ${count - 1})`;
  const id = (prefix: string) => `'${prefix}_' || printf('%026d', i)`;
  const site = `'edge' || (1 + i % ${sites})`;
  const status = "case when i % 100 = 0 then 'failed' else 'completed' end";
  const diff = `json_array(json_object('path', 'x', 'change', 'added', 'patch', hex(zeroblob(${DIFF_BYTES / 2}))))`;
  return [
    `${upTo(intents)} insert into intents (id, text, context, target_sites, policy, approval, priority, dry_run, status, service_type, sites, diff,
       effects, created_by, created_at, updated_at)
     select ${id("int")}, 'Deploy slice number ' || i, '{}', '[]', 'all-or-revert', 'auto', 5, 0, ${status}, 'eMBB', json_array(${site}), ${diff},
       '[]', 'seed', 0, 0 from n`,
    `${upTo(intents)} insert into intent_sites (site, intent_id) select ${site}, ${id("int")} from n`,
    `${upTo(intents)} insert into deployments (id, intent_id, slice, plan, service_type, sst, sd, status, digest, diff, created_at, updated_at)
     select ${id("dep")}, ${id("int")}, 'seed-' || (i % ${slices}), '{}', 'eMBB', 1, printf('f%05x', i % ${slices}),
       case when i < ${slices} then 'live' else 'superseded' end, '', ${diff}, 0, 0 from n`,
    `${upTo(intents)} insert into deployment_sites (deployment_id, site, state, message, updated_at)
     select ${id("dep")}, ${site}, 'verified', '', 0 from n`,
    `${upTo(slices)} insert into slices (name, intent_id, latest_deployment_id, service_type, sst, sd, priority, requirements, created_at)
     select 'seed-' || i, ${id("int")}, ${id("dep")}, 'eMBB', 1, printf('f%05x', i), 5, '{}', 0 from n`,
    `${upTo(slices)} insert into slice_sites (slice, site, deployment_id, downlink_mbps, uplink_mbps, max_devices)
     select 'seed-' || i, ${site}, ${id("dep")}, 1, 1, 1 from n`,
    `${upTo(intents * EVENTS_PER_INTENT)} insert into events (id, type, intent_id, stage, at, data)
     select ${id("evt")}, 'intent.parsed', 'int_' || printf('%026d', i / ${EVENTS_PER_INTENT}), 'intent_parsed', 0, '{}' from n`,
  ];
}
