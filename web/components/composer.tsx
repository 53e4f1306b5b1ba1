// The one input: a sentence, its options, quick templates that fill it. It sends through the command it is given.
import { type FormEvent, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { FailurePolicy, MAX_TEXT_LENGTH } from "../../protocol/intent.ts";
import type { Site } from "../../protocol/site.ts";
import type { NewIntent } from "../api.ts";
import { newKey } from "../state/key.ts";
import type { Template } from "../state/templates.ts";
import { ProblemNotice } from "./bits.tsx";
import { useCommand } from "./use-command.ts";

const POLICIES: Record<FailurePolicy, string> = {
  "all-or-revert": "All sites or none",
  "keep-successful": "Keep the sites that succeed",
  pause: "Stop and ask me",
};

const BAKE_SECONDS = 30; // between the canary and the rest: one window of the service levels

export interface ComposerProps {
  sites: readonly Site[];
  templates: readonly Template[];
  refusal: string | null; // why this user may not send
  preview(text: string): ReactNode;
  onSend(intent: NewIntent, idempotencyKey: string): Promise<unknown>;
}

export function Composer({ sites, templates, refusal, preview, onSend }: ComposerProps) {
  const [text, setText] = useState("");
  const [policy, setPolicy] = useState<FailurePolicy>("all-or-revert");
  const [approval, setApproval] = useState(false);
  const [dryRun, setDryRun] = useState(false);
  const [canary, setCanary] = useState("");
  const command = useCommand();
  const box = useRef<HTMLTextAreaElement>(null);
  const sent = useRef({ body: "", key: "" });
  useSlashFocus(box);

  const blank = text.trim() === "";
  const off = refusal !== null || command.pending || blank;

  const send = () => {
    if (off) return;
    const rollout = canary === "" ? {} : { rollout: { canary, bakeSeconds: BAKE_SECONDS } };
    const intent: NewIntent = { text: text.trim(), policy, approval: approval ? "required" : "auto", dryRun, ...rollout };
    // The same request tried again after a lost answer carries the same key: it cannot become two intents.
    const body = JSON.stringify(intent);
    if (sent.current.body !== body) sent.current = { body, key: newKey() };
    command.run(async () => {
      await onSend(intent, sent.current.key);
      sent.current = { body: "", key: "" };
      setText("");
      box.current?.focus();
    });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  const fill = (template: Template) => {
    setText(template.text);
    box.current?.focus();
  };

  return (
    <form
      className="card composer"
      aria-label="New intent"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        send();
      }}
    >
      <label htmlFor="intent-text">What should the network do?</label>
      <textarea
        id="intent-text"
        ref={box}
        data-testid="intent-input"
        rows={3}
        maxLength={MAX_TEXT_LENGTH}
        placeholder="Deploy eMBB slice on edge1 and edge2 with 200Mbps and 20ms latency"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        aria-describedby="intent-help"
      />
      {preview(text)}
      <fieldset className="templates">
        <legend className="visually-hidden">Quick templates: they fill the box and send nothing</legend>
        {templates.map((template) => (
          <button key={template.name} type="button" className="chip" title={template.text} onClick={() => fill(template)}>
            {template.name}
          </button>
        ))}
      </fieldset>
      <div className="options">
        <label>
          If a site fails{" "}
          <select value={policy} onChange={(event) => setPolicy(FailurePolicy.catch("all-or-revert").parse(event.target.value))}>
            {FailurePolicy.options.map((option) => (
              <option key={option} value={option}>
                {POLICIES[option]}
              </option>
            ))}
          </select>
        </label>
        <label>
          First at{" "}
          <select data-testid="canary" value={canary} onChange={(event) => setCanary(event.target.value)}>
            <option value="">all sites at once</option>
            {sites.map(({ id }) => (
              <option key={id} value={id}>
                {id}, then the rest
              </option>
            ))}
          </select>
        </label>
        <label className="check">
          <input type="checkbox" checked={approval} onChange={(event) => setApproval(event.target.checked)} />
          Require approval
        </label>
        <label className="check">
          <input type="checkbox" checked={dryRun} onChange={(event) => setDryRun(event.target.checked)} />
          Dry run
        </label>
        <span className="spring" />
        <span id="intent-help" className="faint keys">
          <kbd>/</kbd> to type, <kbd>Ctrl</kbd> or <kbd>⌘</kbd> <kbd>Enter</kbd> to send
        </span>
        <button type="submit" className="primary" data-testid="send" disabled={off} title={refusal ?? ""}>
          {command.pending ? "Sending…" : dryRun ? "Dry run" : "Send"}
        </button>
      </div>
      {refusal !== null && <p className="faint">{refusal}</p>}
      {command.error !== undefined && <ProblemNotice problem={command.error} retry={send} />}
    </form>
  );
}

/** `/` puts the cursor into the box, unless one is typing elsewhere, a dialog is open, or the box is on a page that is not shown. */
function useSlashFocus(box: { readonly current: HTMLTextAreaElement | null }) {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const { target } = event;
      const typing = target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable], dialog *");
      if (event.key !== "/" || typing || box.current?.checkVisibility() !== true || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      box.current?.focus();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [box]);
}
