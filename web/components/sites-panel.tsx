// The edge sites: health in their own words, what they carry, how much of them is used.
import type { Site } from "../../protocol/site.ts";
import { shortCommit } from "../state/format.ts";
import { SITE_STATUS_LABELS } from "../state/labels.ts";
import { Badge, Time } from "./bits.tsx";

export function SitesPanel({ sites }: { sites: readonly Site[] }) {
  return (
    <section className="card side" aria-labelledby="sites-title">
      <h2 id="sites-title">Edge sites</h2>
      {sites.length === 0 ? (
        <p className="faint">No site is registered yet. An agent brings its sites when it connects.</p>
      ) : (
        <ul className="sites">
          {sites.map((site) => (
            <SiteRow key={site.id} site={site} />
          ))}
        </ul>
      )}
    </section>
  );
}

function SiteRow({ site }: { site: Site }) {
  const { used, capacity } = site;
  return (
    <li data-testid="site" data-site={site.id} data-state={site.status}>
      <div className="row">
        <strong>{site.id}</strong>
        <Badge label={SITE_STATUS_LABELS[site.status]} />
        {site.production && <span className="faint">production</span>}
        <span className="spring" />
        <span className="faint">
          {site.slices.length} {site.slices.length === 1 ? "slice" : "slices"}
        </span>
      </div>
      <meter
        min={0}
        max={capacity.downlinkMbps}
        value={Math.min(used.downlinkMbps, capacity.downlinkMbps)}
        aria-label={`Downlink used at ${site.id}`}
      />
      <div className="faint row">
        <span>
          {used.downlinkMbps} of {capacity.downlinkMbps} Mbps down
        </span>
        <span className="spring" />
        {site.commit !== null && <code title={site.commit}>{shortCommit(site.commit)}</code>}
        {site.lastSync !== null && <Time at={site.lastSync} />}
      </div>
      {!site.ready && <p className="texts">Not in use yet: {site.checks.find((check) => !check.ok)?.message ?? "it is being checked"}</p>}
      {site.frozenUntil !== null && (
        <p className="texts">
          Frozen until <Time at={site.frozenUntil} />
        </p>
      )}
      {site.drift.map((drift) => (
        <details key={`${drift.kind} ${drift.slice}`} className="texts" data-testid="drift">
          <summary>Drift: {drift.message}</summary>
          {drift.diff !== "" && <pre>{drift.diff}</pre>}
        </details>
      ))}
      {site.message !== "" && site.status !== "healthy" && <p className="texts">{site.message}</p>}
    </li>
  );
}
