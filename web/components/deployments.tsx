// The deployments, newest first: what is where, under which commit, and the way back.
import type { Deployment } from "../../protocol/deployment.ts";
import { shortCommit } from "../state/format.ts";
import { DEPLOYMENT_LABELS, SITE_STATE_LABELS } from "../state/labels.ts";
import { canRollBack } from "../state/pipeline.ts";
import { Badge, CopyButton, Time } from "./bits.tsx";
import { Icon } from "./icon.tsx";

export interface DeploymentsProps {
  deployments: readonly Deployment[];
  mayOperate: boolean;
  onRollback(deployment: Deployment): void;
}

export function Deployments({ deployments, mayOperate, onRollback }: DeploymentsProps) {
  return (
    <section className="card" aria-labelledby="deployments-title">
      <h2 id="deployments-title">Deployments</h2>
      {deployments.length === 0 ? (
        <p className="faint">Nothing is deployed. Send a sentence above, for example with the template “Deploy eMBB”.</p>
      ) : (
        <div className="scroll">
          <table className="deployments">
            <thead>
              <tr>
                <th scope="col">Slice</th>
                <th scope="col">Status</th>
                <th scope="col">Sites</th>
                <th scope="col">Commit</th>
                <th scope="col">Since</th>
                <th scope="col">
                  <span className="visually-hidden">Commands</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {deployments.map((deployment) => (
                <Row
                  key={deployment.deploymentId}
                  deployment={deployment}
                  latest={isLatest(deployment, deployments)}
                  mayOperate={mayOperate}
                  onRollback={onRollback}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** Only the slice's newest can be taken back; ids sort by time. */
function isLatest({ slice, deploymentId }: Deployment, all: readonly Deployment[]): boolean {
  return !all.some((other) => other.slice === slice && other.deploymentId > deploymentId && other.status !== "reverted");
}

function Row({
  deployment,
  latest,
  mayOperate,
  onRollback,
}: Omit<DeploymentsProps, "deployments"> & { deployment: Deployment; latest: boolean }) {
  const { deploymentId, action, slice, serviceType, status, sites, commit } = deployment;
  return (
    <tr data-testid="deployment" data-deployment-id={deploymentId} data-status={status}>
      <th scope="row">
        {slice} <span className="faint">{action === "deploy" ? serviceType : action}</span>
      </th>
      <td>
        <Badge label={DEPLOYMENT_LABELS[status]} />
      </td>
      <td>
        <span className="site-tags">
          {sites.map((site) => (
            <span
              key={site.site}
              className="site-tag"
              data-tone={SITE_STATE_LABELS[site.state].tone}
              title={`${site.state} ${site.message}`}
            >
              <Icon name={SITE_STATE_LABELS[site.state].tone} />
              {site.site}
              <span className="visually-hidden"> {SITE_STATE_LABELS[site.state].word}</span>
            </span>
          ))}
        </span>
      </td>
      <td>
        {commit === null ? (
          <span className="faint">none yet</span>
        ) : (
          <CopyButton value={commit} shown={shortCommit(commit)} what="the commit" />
        )}
      </td>
      <td>
        <Time at={deployment.createdAt} />
      </td>
      <td className="end">
        {latest && canRollBack(deployment) && (
          <button
            type="button"
            data-testid="rollback"
            disabled={!mayOperate}
            title={mayOperate ? "Shows first what would be taken back" : "Your token may look only"}
            onClick={() => onRollback(deployment)}
          >
            Roll back…
          </button>
        )}
      </td>
    </tr>
  );
}
