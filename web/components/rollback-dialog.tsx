// The dialog before a rollback: what would be taken back, where, and how. Only the button at its end does something.
import { useEffect, useRef, useState } from "react";
import type { Deployment } from "../../protocol/deployment.ts";
import type { FileDiff } from "../../protocol/stage.ts";
import type { Api } from "../api.ts";
import { shortCommit } from "../state/format.ts";
import { newKey } from "../state/key.ts";
import { reverseDiff } from "../state/reverse-diff.ts";
import { ProblemNotice } from "./bits.tsx";
import { DiffView } from "./diff-view.tsx";
import { useCommand } from "./use-command.ts";

export interface RollbackDialogProps {
  deployment: Deployment;
  commands: Pick<Api, "deploymentDiff" | "rollback">;
  onClose(): void;
}

const ALL = "";

export function RollbackDialog({ deployment, commands, onClose }: RollbackDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [files, setFiles] = useState<readonly FileDiff[] | null>(null);
  const [site, setSite] = useState(ALL);
  const [keys] = useState(() => new Map<string, string>()); // one key per choice: a second try is the same order
  const load = useCommand();
  const order = useCommand();
  const { deploymentId, slice, commit } = deployment;
  const left = deployment.sites.filter((one) => one.state !== "reverted").map((one) => one.site);

  const { run: runLoad } = load;
  useEffect(() => {
    dialog.current?.showModal();
    runLoad(async () => setFiles((await commands.deploymentDiff(deploymentId)).files.map(reverseDiff)));
  }, [deploymentId, commands, runLoad]);

  const confirm = () => {
    const key = keys.get(site) ?? newKey();
    keys.set(site, key);
    order.run(async () => {
      await commands.rollback(deploymentId, site === ALL ? null : site, key);
      onClose();
    });
  };
  const taken = files?.filter((file) => site === ALL || file.path.startsWith(`sites/${site}/`)) ?? null;

  return (
    <dialog ref={dialog} data-testid="rollback-dialog" aria-labelledby="rollback-title" onClose={onClose}>
      <h2 id="rollback-title">Roll back {slice}</h2>
      <p>
        A revert commit takes back {commit === null ? "the commit" : <code>{shortCommit(commit)}</code>}; the sites pull it. Nothing is
        deleted from the history.
      </p>
      {left.length > 1 && (
        <label>
          Where{" "}
          <select value={site} onChange={(event) => setSite(event.target.value)}>
            <option value={ALL}>all sites ({left.join(", ")})</option>
            {left.map((one) => (
              <option key={one} value={one}>
                {one} only
              </option>
            ))}
          </select>
        </label>
      )}
      <h3>What the rollback changes</h3>
      <div className="dialog-diff" data-testid="rollback-diff" data-loaded={taken !== null}>
        {taken === null && load.error === undefined && <p className="faint">Loading the diff…</p>}
        {taken !== null && <DiffView files={taken} />}
        {load.error !== undefined && (
          <ProblemNotice
            problem={load.error}
            retry={() => load.run(async () => setFiles((await commands.deploymentDiff(deploymentId)).files.map(reverseDiff)))}
          />
        )}
      </div>
      {order.error !== undefined && <ProblemNotice problem={order.error} />}
      <div className="row end">
        <button type="button" onClick={onClose}>
          Keep it
        </button>
        <button
          type="button"
          className="danger"
          data-testid="rollback-confirm"
          disabled={taken === null || order.pending}
          onClick={confirm}
        >
          {order.pending ? "Ordering…" : site === ALL ? "Roll back" : `Roll back ${site}`}
        </button>
      </div>
    </dialog>
  );
}
