// A diff, per file: which files come, change or go, and the lines. Text of the patch is only ever text.
import { useState } from "react";
import type { FileDiff } from "../../protocol/stage.ts";

const FIRST_LINES = 200; // enough for any package of ours; a hostile patch must not freeze the page
const SIGN: Record<FileDiff["change"], string> = { added: "+", modified: "~", removed: "−" };

export function DiffView({ files, open = false }: { files: readonly FileDiff[]; open?: boolean }) {
  if (files.length === 0) return <p className="faint">No file changes.</p>;
  return (
    <ul className="diff" aria-label="Changed files">
      {files.map((file) => (
        <li key={file.path}>
          <details open={open && files.length <= 3}>
            <summary data-change={file.change}>
              <span aria-hidden="true">{SIGN[file.change]}</span> <span className="visually-hidden">{file.change}</span>
              <code>{file.path}</code>
            </summary>
            <Patch patch={file.patch} />
          </details>
        </li>
      ))}
    </ul>
  );
}

function Patch({ patch }: { patch: string }) {
  const [all, setAll] = useState(false);
  const lines = patch.split("\n");
  const shown = all ? lines : lines.slice(0, FIRST_LINES);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to be able to scroll it.
    <pre className="patch" tabIndex={0}>
      {shown.map((line, number) => (
        <span key={number} data-line={kindOf(line)}>
          {`${line}\n`}
        </span>
      ))}
      {shown.length < lines.length && (
        <button type="button" onClick={() => setAll(true)}>
          Show all {lines.length} lines
        </button>
      )}
    </pre>
  );
}

function kindOf(line: string): "add" | "remove" | "hunk" | "same" {
  if (line.startsWith("+++") || line.startsWith("---") || line.startsWith("@@")) return "hunk";
  if (line.startsWith("+")) return "add";
  return line.startsWith("-") ? "remove" : "same";
}
