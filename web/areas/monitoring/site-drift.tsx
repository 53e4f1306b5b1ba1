// In what a site, git and the record of deployments differ, each with its diff where files are what differs.
import Box from "@mui/material/Box";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Drift } from "../../../protocol/site.ts";
import { paths } from "../../app/paths.ts";
import { Loading } from "../../common/empty.tsx";
import { ErrorBoundary } from "../../common/error-boundary.tsx";
import { AppLink } from "../../common/link.tsx";
import { part } from "../../common/part.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { driftFiles } from "../../state/site-view.ts";
import { Quiet, Row } from "./row.tsx";

const CodeDiff = part(
  () => import("../approval/code-diff.tsx"),
  (module) => module.CodeDiff,
);

export function SiteDrift({ drift }: { drift: readonly Drift[] }) {
  const { t } = useTranslation("monitoring");
  if (drift.length === 0) {
    return (
      <StateLabel tone="done" wraps>
        {t("drift.none")}
      </StateLabel>
    );
  }
  return (
    <Box component="ul" sx={{ m: 0, p: 0, listStyle: "none", display: "grid", gap: 1.5 }}>
      {drift.map((one) => (
        <OneDrift key={`${one.kind} ${one.slice}`} drift={one} />
      ))}
    </Box>
  );
}

function OneDrift({ drift }: { drift: Drift }) {
  const { t } = useTranslation("monitoring");
  const [open, setOpen] = useState(false);
  return (
    <Box component="li" data-testid="drift" data-kind={drift.kind} sx={{ display: "grid", gap: 0.5, minWidth: 0 }}>
      <Row>
        <StateLabel tone="failed">{t(`driftKind.${drift.kind}`)}</StateLabel>
        {drift.slice !== null && (
          <AppLink href={paths.slice(drift.slice)}>
            <Untrusted>{drift.slice}</Untrusted>
          </AppLink>
        )}
      </Row>
      <Quiet>
        <Untrusted>{drift.message}</Untrusted>
      </Quiet>
      {drift.diff !== "" && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{t("drift.diff")}</summary>
          {open && (
            <ErrorBoundary>
              <Suspense fallback={<Loading rows={2} />}>
                <CodeDiff files={driftFiles(drift)} />
              </Suspense>
            </ErrorBoundary>
          )}
        </details>
      )}
    </Box>
  );
}
