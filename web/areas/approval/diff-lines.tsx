// The lines of one file: numbers on both sides, sign, word and colour of each change, YAML in colours. Text of the patch is only ever text.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { memo, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DiffFile, DiffLine } from "../../state/diff-view.ts";
import { visible } from "../../state/visible.ts";
import { type Token, tokensOf } from "./highlight.ts";

const FIRST_LINES = 400; // enough for any package of ours; a hostile patch must not freeze the page
const FIRST_CHARS = 2_000; // of one line
const SIGNS: Record<DiffLine["kind"], string> = { same: " ", added: "+", removed: "−", hunk: "", note: "" };

export function DiffLines({ file, wrap }: { file: DiffFile; wrap: boolean }) {
  const { t } = useTranslation("approval");
  const [whole, setWhole] = useState(false);
  const tokens = useMemo(() => tokensOf(file.lines), [file.lines]);
  const shown = whole ? file.lines : file.lines.slice(0, FIRST_LINES);
  const cut = !whole && (shown.length < file.lines.length || shown.some((line) => line.text.length > FIRST_CHARS));
  const words = { added: t("diff.word.added"), removed: t("diff.word.removed") };
  return (
    <>
      <Box
        role="region"
        aria-label={visible(file.path)}
        // It scrolls sideways, and the keyboard has to be able to scroll it.
        tabIndex={0}
        className="code"
        sx={{ overflowX: "auto", pb: 0.5 }}
      >
        <div className={wrap ? "lines wrapped" : "lines"} dir="ltr">
          {shown.map((line, place) => (
            <Line
              key={place}
              line={line}
              tokens={tokens.get(place)}
              word={line.kind === "added" || line.kind === "removed" ? words[line.kind] : undefined}
              most={whole ? Number.POSITIVE_INFINITY : FIRST_CHARS}
            />
          ))}
          {file.lines.length === 0 && <div className="line note">{t("diff.empty_file")}</div>}
        </div>
      </Box>
      {cut && (
        <Button variant="text" data-testid="diff-whole" onClick={() => setWhole(true)} sx={{ m: 0.5 }}>
          {t("diff.whole", { count: file.lines.length })}
        </Button>
      )}
    </>
  );
}

interface LineProps {
  line: DiffLine;
  tokens: readonly Token[] | undefined;
  word: string | undefined; // for a screen reader
  most: number;
}

const Line = memo(function Line({ line, tokens, word, most }: LineProps) {
  const { kind, before, after, text } = line;
  if (kind === "hunk" || kind === "note")
    return (
      <div className={`line ${kind}`} data-line={kind}>
        <span className="no" />
        <code>{visible(text)}</code>
      </div>
    );
  return (
    <div className={`line ${kind}`} data-line={kind}>
      <span className="no">{before}</span>
      <span className="no">{after}</span>
      <span className="sign" aria-hidden="true">
        {SIGNS[kind]}
      </span>
      <code>
        {word !== undefined && <span className="visually-hidden">{word} </span>}
        {tokens === undefined || text.length > most ? visible(text.slice(0, most)) : tokens.map(coloured)}
        {text.length > most && "…"}
      </code>
    </div>
  );
});

function coloured({ kind, text }: Token, place: number) {
  if (kind === "plain") return visible(text);
  return (
    <span key={place} className={kind}>
      {visible(text)}
    </span>
  );
}
