// The live slices: where, with what, who is changing them; and the two things one does to them most: scale and terminate.
import { type FormEvent, useRef, useState } from "react";
import type { SliceView } from "../../protocol/api.ts";
import type { Requirements } from "../../protocol/intent.ts";
import type { Api } from "../api.ts";
import { newKey } from "../state/key.ts";
import { ProblemNotice } from "./bits.tsx";
import { useCommand } from "./use-command.ts";
import { useLoaded } from "./use-loaded.ts";

export type SliceCommands = Pick<Api, "slices" | "scale" | "terminate">;

export interface SlicesPanelProps {
  changed: number; // another number: load again
  mayOperate: boolean;
  commands: SliceCommands;
}

export function SlicesPanel({ changed, mayOperate, commands }: SlicesPanelProps) {
  const { value, error, reload } = useLoaded(commands.slices, changed);
  const slices = value?.slices ?? [];
  return (
    <section className="card side" aria-labelledby="slices-title" data-testid="slices">
      <h2 id="slices-title">Live slices</h2>
      {error !== undefined && <ProblemNotice problem={error} retry={reload} />}
      {error === undefined && slices.length === 0 && <p className="faint">{value === null ? "Loading…" : "None."}</p>}
      <ul className="sites">
        {slices.map((slice) => (
          <Row key={slice.slice} slice={slice} mayOperate={mayOperate} commands={commands} />
        ))}
      </ul>
    </section>
  );
}

function Row({ slice, mayOperate, commands }: { slice: SliceView; mayOperate: boolean; commands: SliceCommands }) {
  const [open, setOpen] = useState<"scale" | "terminate" | null>(null);
  const first = slice.sites[0];
  const off = !mayOperate || slice.busy !== null;
  return (
    <li data-testid="slice" data-slice={slice.slice}>
      <div className="row">
        <strong>{slice.slice}</strong>
        <span className="faint">{slice.serviceType}</span>
        <span className="spring" />
        <span className="faint">{slice.sites.map((entry) => entry.site).join(", ")}</span>
      </div>
      <div className="faint row">
        <span>
          {first?.downlinkMbps} Mbps down, {first?.uplinkMbps} up
        </span>
        <span className="spring" />
        {slice.alerts > 0 && <span>{slice.alerts} firing</span>}
        {slice.busy !== null && <span>{slice.busy.action} under way</span>}
      </div>
      <div className="row">
        <button type="button" disabled={off} onClick={() => setOpen(open === "scale" ? null : "scale")}>
          Scale…
        </button>
        <button type="button" disabled={off} onClick={() => setOpen(open === "terminate" ? null : "terminate")}>
          Terminate…
        </button>
      </div>
      {open === "scale" && <ScaleForm slice={slice} commands={commands} onDone={() => setOpen(null)} />}
      {open === "terminate" && <TerminateForm slice={slice} commands={commands} onDone={() => setOpen(null)} />}
    </li>
  );
}

interface FormProps {
  slice: SliceView;
  commands: SliceCommands;
  onDone(): void;
}

const FIELDS = [
  { key: "downlinkMbps", label: "Downlink, Mbps" },
  { key: "uplinkMbps", label: "Uplink, Mbps" },
  { key: "latencyMs", label: "Latency, ms" },
  { key: "maxDevices", label: "Devices" },
] as const satisfies readonly { key: keyof Requirements; label: string }[];

/** Only what is filled in is changed. */
function ScaleForm({ slice, commands, onDone }: FormProps) {
  const [values, setValues] = useState<Partial<Record<keyof Requirements, string>>>({});
  const command = useCommand();
  const key = useRef(newKey());
  const wanted = Object.entries(values).filter(([, text]) => text !== "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const requirements: Requirements = Object.fromEntries(wanted.map(([field, text]) => [field, Number(text)]));
    command.run(() => commands.scale(slice.slice, requirements, key.current).then(onDone));
  };
  return (
    <form className="person" aria-label={`Scale ${slice.slice}`} onSubmit={submit}>
      {FIELDS.map((field) => (
        <label key={field.key}>
          {field.label}{" "}
          <input
            type="number"
            min="0"
            step="any"
            placeholder={String(slice.requirements[field.key] ?? "")}
            value={values[field.key] ?? ""}
            onChange={(event) => setValues({ ...values, [field.key]: event.target.value })}
          />
        </label>
      ))}
      <button type="submit" className="primary" disabled={wanted.length === 0 || command.pending}>
        Scale
      </button>
      {command.error !== undefined && <ProblemNotice problem={command.error} />}
    </form>
  );
}

/** The name has to be typed: what is removed is gone from every site. */
function TerminateForm({ slice, commands, onDone }: FormProps) {
  const [typed, setTyped] = useState("");
  const command = useCommand();
  const key = useRef(newKey());
  return (
    <form
      className="person"
      aria-label={`Terminate ${slice.slice}`}
      onSubmit={(event) => {
        event.preventDefault();
        command.run(() => commands.terminate(slice.slice, key.current).then(onDone));
      }}
    >
      <label>
        Type <code>{slice.slice}</code> to remove it from {slice.sites.map((entry) => entry.site).join(", ")}{" "}
        <input value={typed} onChange={(event) => setTyped(event.target.value)} />
      </label>
      <button type="submit" className="danger" disabled={typed !== slice.slice || command.pending}>
        Terminate
      </button>
      {command.error !== undefined && <ProblemNotice problem={command.error} />}
    </form>
  );
}
