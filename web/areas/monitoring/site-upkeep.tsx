// What belongs to the upkeep of a site: the checks of its addresses, the tasks about it, and when it is frozen.
import Box from "@mui/material/Box";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import { useTranslation } from "react-i18next";
import type { FreezeWindow, SiteCheck, SiteTaskState, SiteTaskView } from "../../../protocol/site.ts";
import { server } from "../../app/server.ts";
import { Loading } from "../../common/empty.tsx";
import { Instant } from "../../common/instant.tsx";
import { Problem } from "../../common/problem.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { isWeekly } from "../../state/site-view.ts";
import type { Tone } from "../../state/tones.ts";
import { DateTime } from "./date-time.tsx";
import { Quiet, Row } from "./row.tsx";

const list = { m: 0, p: 0, listStyle: "none", display: "grid", gap: 0.75 } as const;

export function SiteChecks({ checks }: { checks: readonly SiteCheck[] }) {
  const { t } = useTranslation("monitoring");
  if (checks.length === 0) return <Quiet>{t("checks.none")}</Quiet>;
  return (
    <Box component="ul" sx={list}>
      {checks.map(({ name, ok, message }) => (
        <Box key={name} component="li" data-testid="site-check" data-ok={ok}>
          <Row>
            <StateLabel tone={ok ? "done" : "failed"}>{t(ok ? "checks.ok" : "checks.failed")}</StateLabel>
            <span>{t(`check.${name}`)}</span>
            <Quiet>
              <Untrusted>{message}</Untrusted>
            </Quiet>
          </Row>
        </Box>
      ))}
    </Box>
  );
}

const TASK_TONES: Record<SiteTaskState, Tone> = { open: "active", succeeded: "done", failed: "failed" };

export function SiteTasks({ siteId }: { siteId: string }) {
  const { t } = useTranslation("monitoring");
  const { data, error, isLoading, refetch } = server.useSiteTasksQuery(siteId);
  if (isLoading) return <Loading rows={2} />;
  if (data === undefined) return <Problem problem={error} onRetry={refetch} />;
  if (data.length === 0) return <Quiet>{t("tasks.none")}</Quiet>;
  return (
    <Box tabIndex={0} role="group" aria-label={t("tasks")} sx={{ overflowX: "auto" }}>
      <Table size="small" aria-label={t("tasks")} sx={{ minWidth: 640 }}>
        <TableHead>
          <TableRow>
            {(["what", "state", "message", "by", "when"] as const).map((column) => (
              <TableCell key={column} component="th" scope="col">
                {t(`tasks.${column}`)}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {data.map((task) => (
            <TaskRow key={task.taskId} task={task} />
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}

function TaskRow({ task }: { task: SiteTaskView }) {
  const { t } = useTranslation("monitoring");
  return (
    <TableRow data-testid="site-task" data-state={task.state}>
      <TableCell component="th" scope="row">
        {t(`task.${task.kind}`)}
      </TableCell>
      <TableCell>
        <StateLabel tone={TASK_TONES[task.state]}>{t(`taskState.${task.state}`)}</StateLabel>
        {task.phase !== null && (
          <div>
            <Untrusted>{task.phase}</Untrusted>
          </div>
        )}
      </TableCell>
      <TableCell sx={{ minWidth: 220 }}>
        <Untrusted>{task.message}</Untrusted>
        {task.nodeClusterId !== null && (
          <div>
            <code>
              <Untrusted>{task.nodeClusterId}</Untrusted>
            </code>
          </div>
        )}
        {task.checks.some(({ ok }) => !ok) && <SiteChecks checks={task.checks.filter(({ ok }) => !ok)} />}
      </TableCell>
      <TableCell>
        <Untrusted>{task.askedBy}</Untrusted>
      </TableCell>
      <TableCell>
        <Instant at={task.updatedAt} />
      </TableCell>
    </TableRow>
  );
}

export function SiteFreeze({ freeze, frozenUntil }: { freeze: readonly FreezeWindow[]; frozenUntil: string | null }) {
  const { t } = useTranslation("monitoring");
  return (
    <Box sx={{ display: "grid", gap: 0.75 }}>
      {frozenUntil !== null && (
        <div>
          <StateLabel tone="wait" boxed>
            {t("site.frozen")} <DateTime at={frozenUntil} />
          </StateLabel>
        </div>
      )}
      {freeze.length === 0 ? (
        <Quiet>{t("freeze.none")}</Quiet>
      ) : (
        <Box component="ul" sx={list}>
          {freeze.map((window) => (
            <li key={JSON.stringify(window)}>
              <OneWindow window={window} />
            </li>
          ))}
        </Box>
      )}
    </Box>
  );
}

function OneWindow({ window }: { window: FreezeWindow }) {
  const { t } = useTranslation("monitoring");
  return (
    <Row>
      {isWeekly(window) ? (
        <span>
          {t("freeze.weekly", {
            days: window.weekdays.map((day) => t(`day.${day}`)).join(t("freeze.and")),
            ...{ start: window.start, end: window.end, zone: window.timeZone },
          })}
        </span>
      ) : (
        <span>
          <DateTime at={window.from} /> – <DateTime at={window.to} />
        </span>
      )}
      {window.reason !== "" && (
        <Quiet>
          <Untrusted>{window.reason}</Untrusted>
        </Quiet>
      )}
    </Row>
  );
}
