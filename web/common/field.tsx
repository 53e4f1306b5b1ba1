// One line of a form: a label, a native input or choice, and what is wrong with it. Native, because the first page carries them and the device knows best how to
// show them; MUI's own weigh 8 kB.
import Box from "@mui/material/Box";
import type { SxProps, Theme } from "@mui/material/styles";
import { type InputHTMLAttributes, type ReactNode, type Ref, type SelectHTMLAttributes, type TextareaHTMLAttributes, useId } from "react";

const GAP = { display: "inline-flex", flexDirection: "column", gap: 0.5, minWidth: 0 } as const;

interface Line {
  label: string;
  hint?: ReactNode;
  problem?: string | undefined; // in place of the hint
  fullWidth?: boolean;
  sx?: SxProps<Theme>;
}

type Native = { "data-testid"?: string };

export interface FieldProps extends Line, Omit<InputHTMLAttributes<HTMLInputElement>, keyof Line> {
  inputRef?: Ref<HTMLInputElement>;
  inputProps?: InputHTMLAttributes<HTMLInputElement> & Native;
}

export function Field({ label, hint, problem, fullWidth, sx, id, inputRef, inputProps, ...input }: FieldProps) {
  const own = useId();
  const said = saidBelow({ id: id ?? own, said: problem ?? hint, wrong: problem !== undefined });
  return (
    <Framed id={id ?? own} {...{ label, fullWidth, sx }}>
      <input id={id ?? own} className="field-input" ref={inputRef} {...input} {...inputProps} {...said.attributes} />
      {said.shown}
    </Framed>
  );
}

export interface TextFieldProps extends Line, Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, keyof Line> {
  inputRef?: Ref<HTMLTextAreaElement>;
  inputProps?: TextareaHTMLAttributes<HTMLTextAreaElement> & Native;
}

/** Several lines: it grows with what is written (CSS field-sizing). */
export function TextField({ label, hint, problem, fullWidth, sx, id, inputRef, inputProps, ...area }: TextFieldProps) {
  const own = useId();
  const said = saidBelow({ id: id ?? own, said: problem ?? hint, wrong: problem !== undefined });
  return (
    <Framed id={id ?? own} {...{ label, fullWidth, sx }}>
      <textarea id={id ?? own} className="field-input" ref={inputRef} rows={2} {...area} {...inputProps} {...said.attributes} />
      {said.shown}
    </Framed>
  );
}

export interface ChoiceProps extends SelectHTMLAttributes<HTMLSelectElement> {
  label: string;
  children: ReactNode; // option elements
  "data-testid"?: string;
}

export function Choice({ label, children, id, ...select }: ChoiceProps) {
  const own = useId();
  return (
    <Framed id={id ?? own} label={label}>
      <select id={id ?? own} className="choice" {...select}>
        {children}
      </select>
    </Framed>
  );
}

type FramedProps = Pick<Line, "label"> & { id: string; fullWidth?: boolean | undefined; sx?: Line["sx"] | undefined; children: ReactNode };

function Framed({ id, label, fullWidth, sx, children }: FramedProps) {
  return (
    <Box sx={[GAP, fullWidth === true && { width: "100%" }, ...(Array.isArray(sx) ? sx : [sx])]}>
      <Box component="label" htmlFor={id} sx={{ fontSize: "0.85rem", color: "text.secondary" }}>
        {label}
      </Box>
      {children}
    </Box>
  );
}

/** What stands below a line, and how the input tells of it. */
function saidBelow({ id, said, wrong }: { id: string; said: ReactNode; wrong: boolean }) {
  if (said === undefined) return { attributes: {}, shown: null };
  const shown = (
    <Box id={`${id}-said`} sx={{ fontSize: "0.8rem", color: wrong ? "error.main" : "text.secondary" }}>
      {said}
    </Box>
  );
  return { attributes: { "aria-describedby": `${id}-said`, ...(wrong ? { "aria-invalid": true } : {}) }, shown };
}
