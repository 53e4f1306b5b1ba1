// The areas: a column beside the page, or a row at the bottom of a phone. How many things wait for a person is told beside Approvals.
import AccountTree from "@mui/icons-material/AccountTreeOutlined";
import CellTower from "@mui/icons-material/CellTowerOutlined";
import Fact from "@mui/icons-material/FactCheckOutlined";
import History from "@mui/icons-material/HistoryOutlined";
import Hub from "@mui/icons-material/HubOutlined";
import MonitorHeart from "@mui/icons-material/MonitorHeartOutlined";
import MoreHoriz from "@mui/icons-material/MoreHoriz";
import Rocket from "@mui/icons-material/RocketLaunchOutlined";
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { AppLink } from "../common/link.tsx";
import { SEVERITY_TONES, type Tone } from "../state/tones.ts";
import { useFiring, useFiringWords } from "./firing.tsx";
import { paths } from "./paths.ts";
import { useWaitingCount } from "./waiting.ts";

const AREAS = [
  { href: paths.home, key: "nav.intents", Icon: AccountTree, under: ["/intents"] },
  { href: paths.approvals, key: "nav.approvals", Icon: Fact, under: [] },
  { href: paths.deployments, key: "nav.deployments", Icon: Rocket, under: ["/slices"] },
  { href: paths.monitoring, key: "nav.monitoring", Icon: MonitorHeart, under: ["/alerts", "/agents"] },
  { href: paths.sites, key: "nav.sites", Icon: CellTower, under: [] },
  { href: paths.activity, key: "nav.activity", Icon: History, under: [] },
  { href: paths.integrations, key: "nav.integrations", Icon: Hub, under: [] },
] as const;

const ON_PHONE = 4; // the rest is behind More

export const MORE_AREAS = AREAS.slice(ON_PHONE);

/** Whether the page at `path` belongs to the area: its own address, or one below it. */
function isHere(path: string, { href, under }: { href: string; under: readonly string[] }): boolean {
  if (path === href) return true;
  return [...(href === "/" ? [] : [href]), ...under].some((root) => path.startsWith(`${root}/`));
}

export function SideNav({ width }: { width: number }) {
  const { t } = useTranslation();
  const [path] = useLocation();
  return (
    <Box
      component="nav"
      aria-label={t("nav.label")}
      sx={{
        display: { xs: "none", md: "flex" },
        flexDirection: "column",
        gap: 0.5,
        width,
        flex: "none",
        p: 1.5,
        position: "sticky",
        top: 56,
      }}
    >
      {AREAS.map((area) => {
        const here = isHere(path, area);
        return (
          <AppLink
            key={area.href}
            href={area.href}
            underline="none"
            color={here ? "primary.main" : "text.primary"}
            aria-current={here ? "page" : undefined}
            sx={{
              display: "flex",
              alignItems: "center",
              gap: 1.25,
              px: 1.25,
              py: 0.75,
              borderRadius: 1,
              fontWeight: here ? 700 : 500,
              bgcolor: here ? "action.selected" : "transparent",
              "&:hover": { bgcolor: "action.hover" },
            }}
          >
            <area.Icon fontSize="small" aria-hidden />
            <span>{t(area.key)}</span>
            <AreaBadge href={area.href} />
          </AppLink>
        );
      })}
    </Box>
  );
}

function AreaBadge({ href }: { href: string }) {
  if (href === paths.approvals) return <Waiting />;
  return href === paths.monitoring ? <Firing /> : null;
}

function Waiting() {
  const { t } = useTranslation();
  const count = useWaitingCount();
  if (count === null || count === 0) return null;
  return <Badge count={`${count}`} tone="wait" label={t("nav.waiting", { count })} testId="waiting-count" />;
}

function Firing() {
  const firing = useFiring();
  const words = useFiringWords();
  if (firing === null) return null;
  const count = `${firing.count}${firing.isMore ? "+" : ""}`;
  return <Badge count={count} tone={SEVERITY_TONES[firing.worst]} label={words(firing)} testId="firing-count" />;
}

function Badge({ count, tone, label, testId }: { count: string; tone: Tone; label: string; testId: string }) {
  return (
    <Box
      component="span"
      aria-label={label}
      title={label}
      role="img"
      data-testid={testId}
      data-tone={tone}
      sx={{
        ml: "auto",
        px: 0.9,
        borderRadius: 3,
        fontSize: "0.8rem",
        fontWeight: 700,
        color: "background.paper",
        bgcolor: (theme) => (theme.vars ?? theme).palette.tone[tone],
      }}
    >
      {count}
    </Box>
  );
}

export function BottomNav() {
  const { t } = useTranslation();
  const [path] = useLocation();
  const more = { href: paths.more, key: "nav.more", Icon: MoreHoriz, under: MORE_AREAS.map(({ href }) => href) } as const;
  return (
    <Box
      component="nav"
      aria-label={t("nav.label")}
      sx={{
        display: { xs: "grid", md: "none" },
        gridTemplateColumns: `repeat(${ON_PHONE + 1}, minmax(0, 1fr))`,
        position: "fixed",
        insetInline: 0,
        bottom: 0,
        zIndex: 1100,
        bgcolor: "background.paper",
        borderTop: 1,
        borderColor: "divider",
        pb: "env(safe-area-inset-bottom)",
      }}
    >
      {[...AREAS.slice(0, ON_PHONE), more].map((area) => {
        const here = isHere(path, area) || (area === more && more.under.some((href) => href === path));
        return (
          <AppLink
            key={area.href}
            href={area.href}
            underline="none"
            color={here ? "primary.main" : "text.secondary"}
            aria-current={here ? "page" : undefined}
            sx={{
              display: "flex",
              flexDirection: "column",
              alignItems: "center",
              py: 0.75,
              fontSize: "0.72rem",
              fontWeight: here ? 700 : 500,
              minWidth: 0,
            }}
          >
            <Box sx={{ display: "flex", height: 24 }}>
              <area.Icon aria-hidden />
              <AreaBadge href={area.href} />
            </Box>
            <span>{t(area.key)}</span>
          </AppLink>
        );
      })}
    </Box>
  );
}
