// Everything o2 prints goes through here: text for people, made harmless, or JSON for programs. Knows whether a terminal listens.
import { harmless } from "./text.ts";

const DEFAULT_COLUMNS = 100; // where nobody says, or says 0
const DEFAULT_ROWS = 40;
const COLORS = { red: "31", green: "32", yellow: "33", cyan: "36", dim: "2", bold: "1" } as const;
export type Color = keyof typeof COLORS;

export interface Output {
  readonly json: boolean;
  readonly tty: boolean;
  columns(): number;
  rows(): number;
  paint(color: Color, text: string): string;
  /** Lines for people. The text is taken as it is: what comes from outside has passed `harmless`. Silent with --json. */
  text(painted: string): void;
  /** A hint or a warning, beside the result. */
  note(text: string): void;
  /** The one JSON document of a command. */
  document(value: unknown): void;
  /** One line of a stream of JSON. */
  record(value: unknown): void;
  /** Bytes for the terminal itself, such as the moves of a redraw. */
  raw(sequence: string): void;
  flush(): Promise<void>;
}

interface Streams {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
}

export function createOutput({ stdout, stderr }: Streams, options: { json: boolean; noColor: boolean }): Output {
  const tty = stdout.isTTY === true;
  const color = tty && !options.noColor && !options.json;
  return {
    json: options.json,
    tty: tty && !options.json,
    columns: () => stdout.columns || DEFAULT_COLUMNS,
    rows: () => stdout.rows || DEFAULT_ROWS,
    paint: (name, text) => (color && text !== "" ? `\u001b[${COLORS[name]}m${text}\u001b[0m` : text),
    text: (painted) => void (options.json || stdout.write(`${painted}\n`)),
    note: (text) => void stderr.write(`${harmless(text)}\n`),
    document: (value) => void stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    record: (value) => void stdout.write(`${JSON.stringify(value)}\n`),
    raw: (sequence) => void stdout.write(sequence),
    flush: () => new Promise((resolve) => stdout.write("", () => resolve())),
  };
}
